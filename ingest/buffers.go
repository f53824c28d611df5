package ingest

// buffers is the memory that one worker reuses from file to file.
type buffers struct{ normBuffers }
