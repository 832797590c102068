"""One controller per resource: read the request, call the stores and rooms, answer a shape. No SQL."""
