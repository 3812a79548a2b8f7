"""
The reference for people, as a folder of pages: all that the schemas say of each dialect, and how it is known.

* `html.py` writes elements; whatever comes from a schema is text there, and is escaped;
* `known.py` has what is said of a name, from `timbridge explain`; `examples.py` calls and events that cases of the suite have made;
* `differences.py` tells what differs by platform, and from the dialect that one is based on;
* `parts.py` makes the sections, `pages.py` the pages and the words to search for;
* `style.css` and `search.js` are copied as they are: a reader needs no build step, no server and no network.
"""
