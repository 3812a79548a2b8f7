"""
The plugin that calls native code: C functions in, C-JSON texts over one port out.

* `dialect.py` joins the parts to a `Dialect`: a plan per function and case, compiled from its file on the first call.
* `arguments.py` reads what crosses by the objects and number tables of the schemas; `reading/` has a function per handler that
  needs more. Where there is none, the handler's reader on the method channel serves, for the arguments are the same then.
* `encoding.py` writes objects: from the SDK's maps as `channel/maps` make them, under the object's keys; `maps/` has a function for
  each object that is no such map (`@object_map("V2TIMMessage")`).
* `news.py` has the facts that are more than a callback with the fact's own fields: group tips, reports to the user, progress.
* `texts.py` makes texts of what goes out. Every array and object in a callback is a JSON text inside the JSON text.
"""
