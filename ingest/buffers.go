package ingest

// buffers is the memory that one worker uses again for every file.
type buffers struct{ gpxBuffers }
