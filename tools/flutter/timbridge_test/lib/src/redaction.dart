import 'dart:convert';
import 'dart:typed_data';

/// What a recording must not hold.
///
/// Secrets (UserSig, push tokens, passwords) always go. [texts] also takes away what people wrote: each text
/// becomes `text-1`, `text-2`…, the same one for the same text, so that a recording still shows what belongs
/// together. Ids and names of people stay; record with test accounts.
class TimRedaction {
  TimRedaction({this.texts = false, Iterable<String> alsoSecret = const <String>[]})
      : _secret = <String>{..._secretKeys, for (final String key in alsoSecret) key.toLowerCase()};

  final bool texts;
  final Set<String> _secret;
  final Map<String, String> _aliases = <String, String>{};

  /// Stands where a secret was.
  static const String mark = '<redacted>';

  /// A copy of [value], as a platform channel carries it, without what must not be kept.
  Object? clean(Object? value) {
    if (value is TypedData) return value;
    if (value is List) return <Object?>[for (final Object? item in value) clean(item)];
    if (value is Map) return _cleanMap(value);
    if (value is String) return _cleanString(value);
    return value;
  }

  Map<String, Object?> _cleanMap(Map<Object?, Object?> map) => <String, Object?>{
        for (final Object? key in map.keys) '$key': _cleanEntry('$key', map[key], map.containsKey('code')),
      };

  Object? _cleanEntry(String key, Object? value, bool inEnvelope) {
    final String small = key.toLowerCase();
    if (value != null && _secret.any(small.endsWith)) return mark;
    final bool isText = _textKeys.contains(small) && !(inEnvelope && small == 'desc');
    if (!texts || !isText) return clean(value);
    if (value is String) return _alias(value);
    if (value is List) return <Object?>[for (final Object? item in value) item is String ? _alias(item) : clean(item)];
    return clean(value);
  }

  /// Strings may hold JSON (custom messages, experimental calls), and that may hold secrets.
  String _cleanString(String value) {
    if (!value.startsWith('{')) return value;
    try {
      final Object? inner = jsonDecode(value);
      final String before = jsonEncode(inner);
      final String after = jsonEncode(clean(inner));
      return before == after ? value : after;
    } on FormatException {
      return value;
    }
  }

  String _alias(String text) => text.isEmpty ? text : _aliases.putIfAbsent(text, () => 'text-${_aliases.length + 1}');

  /// Ends of key names, in small letters.
  static const Set<String> _secretKeys = <String>{'usersig', 'token', 'password', 'secret', 'authkey', 'certificate'};

  static const Set<String> _textKeys = <String>{
    'text',
    'data',
    'desc',
    'extension',
    'customdata',
    'cloudcustomdata',
    'localcustomdata',
    'drafttext',
    'title',
    'abstractlist',
    'compatibletext',
    'notification',
    'introduction',
    'selfsignature',
    'wording',
    'addwording',
    'keywordlist',
  };
}
