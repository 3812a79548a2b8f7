import 'dart:convert';
import 'dart:typed_data';

import 'package:flutter_test/flutter_test.dart';
import 'package:timbridge_test/src/errors.dart';
import 'package:timbridge_test/src/values.dart';

Object? roundTrip(Object? value) => fromJson(jsonDecode(jsonEncode(toJson(value))));

void main() {
  test('values come back as they went', () {
    for (final Object? value in <Object?>[
      null,
      true,
      7,
      1.0,
      -2.5,
      9007199254740993,
      'ü 👍 \n',
      <Object?>[1, <Object?>[2.0]],
      <Object?, Object?>{'a': 1, 'b': <Object?, Object?>{'c': null}},
      Uint8List.fromList(<int>[0, 255, 10]),
    ]) {
      expect(roundTrip(value), value);
    }
    expect(roundTrip(1), isA<int>());
    expect(roundTrip(1.0), isA<double>());
    expect(roundTrip(Uint8List(3)), isA<Uint8List>());
  });

  test('what no channel carries is refused', () {
    expect(() => toJson(DateTime.utc(2024)), throwsArgumentError);
    expect(() => toJson(<Object?>[double.nan]), throwsArgumentError);
  });

  test('an error says all that the bridge knows', () {
    final TimRpcError error = TimRpcError.fromJson('sendMsg', <String, Object?>{
      'code': -32601,
      'message': 'unknown method',
      'data': <String, Object?>{
        'nearest': <String>['sendMessage'],
        'violations': <Object?>[
          <String, Object?>{'path': 'text', 'message': 'must be a string'},
        ],
      },
    });
    expect('$error', 'sendMsg (-32601): unknown method\n  text: must be a string\n  did you mean sendMessage?');
    expect(TimProblem.of(error).isUnknownMethod, isTrue);
  });
}
