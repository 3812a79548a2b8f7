"""The world as a document: rows as JSON, export, and what people write shorter."""
