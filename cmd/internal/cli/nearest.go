package cli

import "kneecheck/analyze/spell"

// nearest returns the name closest to got, if it is close enough to be a slip.
func nearest(got string, names []string) (string, bool) { return spell.Nearest(got, names) }

// unknown says that a name is not one of a short list, with the list and the nearest of it.
func unknown(what, got string, names []string) error { return spell.Unknown(what, got, names) }
