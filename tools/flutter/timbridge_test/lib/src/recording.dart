import 'dart:convert';
import 'dart:io';

import 'redaction.dart';
import 'values.dart';

/// Writes a recording: one JSON object a line, first a header, then calls, replies and events in order.
///
/// `timbridge verify FILE` plays its calls against a bridge and reports every difference; `timbridge replay
/// FILE` answers an app out of it.
class TimRecording {
  TimRecording(this._write, {String dialect = 'chat-8.2', String platform = 'android', TimRedaction? redaction})
      : _redaction = redaction ?? TimRedaction() {
    _line(<String, Object?>{'recording': version, 'dialect': dialect, 'platform': platform, 'live': true});
  }

  /// Writes to the file at [path], which is emptied first. Every line is on disk at once.
  factory TimRecording.toFile(
    String path, {
    String dialect = 'chat-8.2',
    String platform = 'android',
    TimRedaction? redaction,
  }) {
    final File file = File(path)..writeAsStringSync('');
    void append(String line) => file.writeAsStringSync('$line\n', mode: FileMode.append, flush: true);
    return TimRecording(append, dialect: dialect, platform: platform, redaction: redaction);
  }

  /// The version of the format.
  static const int version = 1;

  final void Function(String line) _write;
  final TimRedaction _redaction;
  int _seq = 0;

  /// Notes a call and returns its number, which the reply has to name.
  int call(String method, Object? arguments) {
    final int seq = ++_seq;
    _line(<String, Object?>{'seq': seq, 'kind': 'call', 'method': method, 'arguments': _clean(arguments, method)});
    return seq;
  }

  void reply(int cause, String method, Object? result) {
    _line(<String, Object?>{
      'seq': ++_seq,
      'kind': 'reply',
      'cause': cause,
      'method': method,
      'result': _clean(result, method),
    });
  }

  /// Notes that a call ended in an exception, or that the platform did not know it.
  void failure(int cause, String method, String code, [String? message]) {
    _line(<String, Object?>{
      'seq': ++_seq,
      'kind': 'reply',
      'cause': cause,
      'method': method,
      'error': <String, Object?>{'code': code, 'message': message},
    });
  }

  void event(String method, Object? arguments) {
    _line(<String, Object?>{'seq': ++_seq, 'kind': 'event', 'method': method, 'arguments': _clean(arguments, method)});
  }

  Object? _clean(Object? value, String method) => toJson(_redaction.clean(value, method: method));

  void _line(Map<String, Object?> line) => _write(jsonEncode(line));
}
