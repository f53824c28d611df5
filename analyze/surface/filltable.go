package surface

// builtIn is what the ways of each kind with a surface tag are made of in fourteen extracts of OpenStreetMap from four
// continents, by length, with some weight for what was not seen there. Of tracks it is those without a tracktype.
// The order is that of the classes: asphalt, concrete, track, gravel, trail, grass, sand, other.
var builtIn = [kinds]Mix{
	kindPath:         {.08, .05, .002, .12, .65, .09, .008, .01},
	kindDesignated:   {.75, .16, .002, .05, .03, .005, .001, .012},
	kindAlpine:       {.01, .01, .001, .08, .86, .03, .004, .005},
	kindFootway:      {.29, .31, .002, .23, .12, .03, .008, .01},
	kindSidewalk:     {.51, .47, .001, .01, .005, .003, .001, .001},
	kindTrack:        {.09, .02, .001, .38, .40, .10, .005, .001},
	kindCycleway:     {.92, .04, .001, .02, .01, .003, .001, .005},
	kindBridleway:    {.02, .01, .001, .25, .55, .12, .04, .001},
	kindPedestrian:   {.19, .74, .001, .04, .01, .003, .001, .01},
	kindSteps:        {.07, .70, .001, .06, .10, .005, .001, .06},
	kindResidential:  {.93, .04, .0005, .015, .01, .002, .0005, .0005},
	kindLiving:       {.69, .28, .001, .02, .005, .002, .001, .001},
	kindService:      {.70, .12, .001, .14, .03, .007, .001, .001},
	kindDriveway:     {.60, .20, .001, .14, .04, .015, .001, .001},
	kindUnclassified: {.86, .03, .0005, .08, .02, .005, .001, .0005},
	kindRoad:         {.975, .015, .0005, .005, .002, .001, .0005, .0005},
	kindOval:         {.04, .01, .85, .05, .02, .02, .01, .001},
}

// builtInTrack is the same for tracks by their tracktype, from grade 1 on.
var builtInTrack = [grades - 1]Mix{
	{.91, .05, .0005, .03, .005, .003, .0005, .001},
	{.02, .01, .0005, .94, .02, .008, .001, .0005},
	{.005, .002, .0005, .76, .21, .02, .002, .0005},
	{.003, .002, .0005, .32, .58, .09, .004, .0005},
	{.002, .001, .0005, .02, .46, .51, .005, .0005},
}

// builtInGrade is how much likelier a class gets by a tracktype on a way that is no track, from grade 1 on.
var builtInGrade = [grades - 1]Mix{
	{1, 1, .5, .05, .02, .02, .02, .2},
	{.05, .05, .2, 1, .1, .05, .1, .1},
	{.02, .02, .2, 1, .5, .3, .3, .1},
	{.01, .01, .1, .4, 1, .8, .6, .1},
	{.01, .01, .1, .05, .8, 1, .8, .1},
}

// builtInSmooth is how much likelier a class gets by its smoothness, from excellent on.
var builtInSmooth = [smooths - 1]Mix{
	{1, .35, 1, .03, .01, .01, .01, .1},
	{1, .8, 1, .25, .06, .05, .02, .5},
	{.5, 1, .5, .9, .3, .2, .1, 1},
	{.15, .6, .1, 1, .9, .7, .4, .8},
	{.03, .25, .02, .6, 1, .9, .8, .3},
	{.01, .1, .01, .35, 1, .8, .8, .1},
}
