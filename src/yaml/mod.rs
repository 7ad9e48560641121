//! YAML with places: the only importer of saphyr.
