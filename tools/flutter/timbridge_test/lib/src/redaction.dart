import 'dart:convert';
import 'dart:typed_data';

import 'written.dart';

/// What a recording must not hold.
///
/// Secrets (UserSig, push tokens, passwords) always go. [texts] also takes away what people wrote, wherever it stands:
/// texts, names, remarks, reasons, custom data, paths of files. Each becomes `text-1`, `text-2`…, the same one for the
/// same text, so that a recording still shows what belongs together. Ids stay, those of people and groups too; record
/// with test accounts.
class TimRedaction {
  TimRedaction({this.texts = false, Iterable<String> alsoSecret = const <String>[]})
      : _secret = <String>{...secretEnds, for (final String key in alsoSecret) key.toLowerCase()};

  final bool texts;
  final Set<String> _secret;
  final Map<String, String> _aliases = <String, String>{};
  final Set<String> _ids = <String>{};

  /// Stands where a secret was.
  static const String mark = '<redacted>';

  /// A copy of [value], as a platform channel carries it, without what must not be kept; it belongs to [method], if
  /// that is given.
  Object? clean(Object? value, {String method = ''}) {
    if (texts) _learn(value, '');
    if (texts && _answersInTexts.contains(method) && value is Map && value.containsKey('code')) {
      return <String, Object?>{
        for (final Object? key in value.keys) '$key': key == 'data' ? _hide(value[key], keys: true) : value[key],
      };
    }
    return _clean(value);
  }

  /// Takes note of ids, which stay wherever they stand: who has no name is shown by theirs.
  void _learn(Object? value, String small) {
    if (value is Map) {
      for (final Object? key in value.keys) {
        _learn(value[key], '$key'.toLowerCase());
      }
    } else if (value is List && value is! TypedData) {
      for (final Object? item in value) {
        _learn(item, small);
      }
    } else if (value is String && (small.endsWith('id') || small.endsWith('idlist') || _people.contains(small))) {
      _ids.add(value);
    }
  }

  Object? _clean(Object? value) {
    if (value is TypedData) return value;
    if (value is List) return <Object?>[for (final Object? item in value) _clean(item)];
    if (value is Map) return _cleanMap(value);
    if (value is String) return _cleanString(value);
    return value;
  }

  Map<String, Object?> _cleanMap(Map<Object?, Object?> map) => <String, Object?>{
        for (final Object? key in map.keys) '$key': _cleanEntry('$key', map[key], map),
      };

  Object? _cleanEntry(String key, Object? value, Map<Object?, Object?> around) {
    final String small = key.toLowerCase();
    if (value != null && value != '' && value is! bool && _secret.any(small.endsWith)) return mark;
    if (!texts || _isOfEnvelope(small, around)) return _clean(value);
    if (fileKeys.contains(small) && value is String) return _file(value);
    if (!writtenKeys.contains(small)) return _clean(value);
    return _isStructure(small, value) ? _clean(value) : _hide(value);
  }

  /// A reply's `data` and `desc`, and an event's `data`, hold ids and what the SDK says, if they are no maps.
  static bool _isOfEnvelope(String small, Map<Object?, Object?> around) =>
      (small == 'data' && (around.containsKey('code') || around.containsKey('type'))) ||
      (small == 'desc' && around.containsKey('code'));

  /// Some keys hold a text here and a message or a list of them there.
  static bool _isStructure(String small, Object? value) =>
      _alsoStructures.contains(small) &&
      (value is Map || (value is List && value.any((Object? item) => item is! String)));

  Object? _hide(Object? value, {bool keys = false}) {
    if (value is String) return _alias(value);
    if (value is List) return <Object?>[for (final Object? item in value) _hide(item, keys: keys)];
    if (value is Map) {
      return <String, Object?>{
        for (final Object? key in value.keys) keys ? _alias('$key') : '$key': _hide(value[key], keys: keys),
      };
    }
    return value;
  }

  /// Strings may hold JSON (custom messages, experimental calls), and that may hold secrets.
  String _cleanString(String value) {
    if (!value.startsWith('{') && !value.startsWith('[')) return value;
    try {
      final Object? inner = jsonDecode(value);
      final String before = jsonEncode(inner);
      final String after = jsonEncode(_clean(inner));
      return before == after ? value : after;
    } on FormatException {
      return value;
    }
  }

  String _alias(String text) {
    if (text.isEmpty || _ids.contains(text)) return text;
    return _aliases.putIfAbsent(text, () => 'text-${_aliases.length + 1}');
  }

  /// What kind of file it is stays.
  String _file(String path) {
    final String? kind = RegExp(r'\.\w{1,5}$').stringMatch(path);
    return path.isEmpty ? path : '${_alias(path)}${kind ?? ''}';
  }

  /// Other keys that name people.
  static const Set<String> _people = <String>{
    'sender',
    'receiver',
    'inviter',
    'invitee',
    'inviteelist',
    'fromuser',
    'touser',
  };

  static const Set<String> _alsoStructures = <String>{'data', 'message', 'content', 'value'};

  /// Calls that are answered by what people wrote or said, under keys that are texts themselves.
  static const Set<String> _answersInTexts = <String>{'translateText', 'convertVoiceToText'};
}
