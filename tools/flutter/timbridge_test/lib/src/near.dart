import 'dart:convert';
import 'dart:math';

import 'package:flutter_test/flutter_test.dart';

import 'values.dart';

/// What of [expected] is not so in [actual], a line each; none if all is.
///
/// Maps may have more keys, lists may not have more items; a [Matcher] of the `test` package may stand anywhere.
/// A text that is JSON is looked into where a map or a list is expected: a native library gets such texts.
List<String> differences(String path, Object? expected, Object? actual) {
  if (expected is Matcher) {
    if (expected.matches(actual, <Object?, Object?>{})) return <String>[];
    return <String>[_unequal(path, _wish(expected, actual), actual)];
  }
  final Object? found = actual is String && (expected is Map || expected is List) ? _parsed(actual) : actual;
  if (expected is Map && found is Map) {
    return <String>[
      for (final Object? key in expected.keys)
        if (found.containsKey(key))
          ...differences(_under(path, key), expected[key], found[key])
        else
          _noKey(path, '$key', found),
    ];
  }
  if (expected is List && found is List && expected.length == found.length) {
    return <String>[
      for (int at = 0; at < expected.length; at++) ...differences('$path[$at]', expected[at], found[at]),
    ];
  }
  return expected == found ? <String>[] : <String>[_unequal(path, plain(expected), found)];
}

String _under(String path, Object? key) => path == '' ? '$key' : '$path.$key';

String _unequal(String path, String expected, Object? actual) =>
    '${path == '' ? '' : '$path: '}expected $expected, came ${plain(actual)}';

String _noKey(String path, String key, Map<Object?, Object?> found) {
  final String? near = nearest(key, found.keys.map((Object? one) => '$one'));
  return '${path == '' ? '' : '$path: '}there is no $key${near == null ? '' : ', did you mean $near?'}';
}

Object? _parsed(String text) {
  try {
    return jsonDecode(text);
  } on FormatException {
    return text;
  }
}

/// What a matcher says of itself.
String _wish(Matcher matcher, Object? actual) {
  try {
    expect(actual, matcher);
  } on TestFailure catch (failure) {
    return RegExp(r'Expected: (.*)').firstMatch('${failure.message}')?.group(1) ?? '$matcher';
  }
  return '$matcher';
}

/// [value] on one line, in at most [most] characters.
String plain(Object? value, [int most = 60]) {
  final String text = value is Map || value is List ? _unquoted(value) : (value is String ? "'$value'" : '$value');
  final String line = text.replaceAll(RegExp(r'\s+'), ' ');
  return line.length <= most ? line : '${line.substring(0, most - 1)}…';
}

String _unquoted(Object? value) {
  if (value is Map) {
    return '{${value.keys.map((Object? key) => '$key: ${_unquoted(value[key])}').join(', ')}}';
  }
  if (value is List) return '[${value.map(_unquoted).join(', ')}]';
  return '$value';
}

/// The one of [names] that is most like [name]; null if none is much like it.
String? nearest(String name, Iterable<String> names) {
  String? best;
  int least = name.length ~/ 3 + 2;
  for (final String one in names) {
    final int away = _distance(name.toLowerCase(), one.toLowerCase());
    if (away < least) {
      least = away;
      best = one;
    }
  }
  return best;
}

/// How many letters have to be changed, added and taken away.
int _distance(String one, String other) {
  List<int> row = List<int>.generate(other.length + 1, (int at) => at);
  for (int i = 0; i < one.length; i++) {
    final List<int> next = <int>[i + 1];
    for (int j = 0; j < other.length; j++) {
      final int change = row[j] + (one[i] == other[j] ? 0 : 1);
      next.add(min(change, min(row[j + 1], next[j]) + 1));
    }
    row = next;
  }
  return row.last;
}

/// An entry of the journal on one line, as a failing test shows it.
class Seen {
  Seen(this.entry);

  final Map<String, Object?> entry;

  int get seq => entry['seq']! as int;
  String get kind => '${entry['kind']}';
  String get method => '${entry['method']}';
  Map<String, Object?> get said => asMap(entry['arguments']);

  /// The type of an event; what a native library is told has no other name than that.
  String get type => said.containsKey('type') ? '${said['type']}' : method;

  /// All of the plugin's names for it: one callback of a native library may reach several listeners.
  List<String> get types {
    final List<Object?> names = asList(entry['heardAs']);
    return names.isEmpty ? <String>[type] : <String>[for (final Object? name in names) '$name'];
  }

  Object? get data => said.containsKey('type') ? said['data'] : entry['arguments'];

  /// Whose doing or hearing it is: a device, or a person who has none.
  String get who {
    final String device = '${entry['device']}';
    final Match? person = RegExp(r'^~(.*)~').firstMatch(device);
    if (person != null) return person.group(1)!;
    return device == '' ? 'app' : device;
  }
}
