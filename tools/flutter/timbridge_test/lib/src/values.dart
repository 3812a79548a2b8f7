/// Channel values as JSON and back.
///
/// Everything that Flutter's standard codec carries has a JSON form, with two additions: bytes are
/// `{"$bytes": base64}`, and a double always has a point (`1.0`), so that it does not come back as an int.
library timbridge_test.values;

import 'dart:convert';
import 'dart:typed_data';

const String _bytesKey = r'$bytes';

/// Turns what a channel carries into what JSON carries.
///
/// Maps get String keys; lists of numbers become plain lists. Throws [ArgumentError] for a value that no
/// platform channel could carry, which in a running app fails too.
Object? toJson(Object? value) {
  if (value == null || value is String || value is bool || value is int) return value;
  if (value is double) {
    if (value.isNaN || value.isInfinite) {
      throw ArgumentError.value(value, 'value', 'JSON has no such number');
    }
    return value;
  }
  if (value is Uint8List) return <String, Object?>{_bytesKey: base64Encode(value)};
  if (value is List) return <Object?>[for (final Object? item in value) toJson(item)];
  if (value is Map) {
    return <String, Object?>{
      for (final Object? key in value.keys) '$key': toJson(value[key]),
    };
  }
  throw ArgumentError.value(value, 'value', 'a platform channel cannot carry a ${value.runtimeType}');
}

/// The reverse of [toJson].
Object? fromJson(Object? value) {
  if (value is List) return <Object?>[for (final Object? item in value) fromJson(item)];
  if (value is Map) {
    final Object? bytes = value[_bytesKey];
    if (value.length == 1 && bytes is String) return base64Decode(bytes);
    return <Object?, Object?>{
      for (final Object? key in value.keys) key: fromJson(value[key]),
    };
  }
  return value;
}

/// [value] as a map with String keys; empty if it is no map.
Map<String, Object?> asMap(Object? value) {
  if (value is! Map) return <String, Object?>{};
  return <String, Object?>{for (final Object? key in value.keys) '$key': value[key]};
}

/// [value] as a list; empty if it is no list.
List<Object?> asList(Object? value) => value is List ? List<Object?>.of(value) : <Object?>[];
