"""
A reference for people, as a folder of pages: all that the schemas say of each dialect, and how it is known.

* `html.py` writes elements; whatever comes from a schema is text there, and is escaped;
* `known.py` has what is said of a name, from `timbridge explain`, and an example of a call;
* `parts.py` makes the sections, `site.py` the pages and the words to search for;
* `style.css` and `search.js` are copied as they are: a reader needs no build step, no server and no network.
"""
