"""The pad: where a person draws, and the document that remembers every stroke."""
