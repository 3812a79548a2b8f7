import 'dart:convert';
import 'dart:io';
import 'dart:typed_data';

import 'errors.dart';
import 'values.dart';

/// A blocking JSON-RPC client: one JSON value per line over a loopback socket.
///
/// It never awaits, so it works where nothing asynchronous gets through: in the fake-async zone of a
/// widget test. A request blocks the isolate until its reply is there, usually well under a millisecond.
class TimConnection {
  TimConnection._(this.address, this._socket);

  /// Connects to [address], `host:port`, with or without a scheme such as `tcp://`.
  ///
  /// Throws a [TimBridgeException] that says what to do if nobody listens there.
  factory TimConnection.open(String address) {
    final Match? parts = _address.firstMatch(address);
    final int port = parts == null ? 0 : int.parse(parts.group(2)!);
    if (parts == null || port == 0) {
      throw TimBridgeException('"$address" is no address: expected host:port, such as 127.0.0.1:7400.');
    }
    try {
      return TimConnection._(address, RawSynchronousSocket.connectSync(parts.group(1)!, port));
    } on SocketException catch (error) {
      throw TimBridgeException('no bridge listens on $address (${error.message}). '
          'Start one with `timbridge serve --listen $address`, '
          'or run the tests with `timbridge exec -- flutter test`.');
    }
  }

  final String address;
  final RawSynchronousSocket _socket;
  final Uint8List _chunk = Uint8List(64 * 1024);
  final BytesBuilder _line = BytesBuilder();
  final List<int> _rest = <int>[];
  int _lastId = 0;
  bool _closed = false;

  bool get isClosed => _closed;

  /// The id of the latest request.
  int get lastId => _lastId;

  /// Notifications that came in between, as `{method, params}`, oldest first. The caller takes them out.
  final List<Map<String, Object?>> notifications = <Map<String, Object?>>[];

  /// Sends one request and waits for its reply.
  ///
  /// Returns the result with bytes decoded. Throws a [TimRpcError] if the bridge answers with an error, and
  /// a [TimBridgeException] if the connection is gone.
  Object? request(String method, [Map<String, Object?> params = const <String, Object?>{}]) {
    if (_closed) throw TimBridgeException('the connection to $address is closed.');
    final int id = ++_lastId;
    _send(<String, Object?>{'jsonrpc': '2.0', 'id': id, 'method': method, 'params': toJson(params)});
    while (true) {
      final Map<String, Object?> message = asMap(jsonDecode(_readLine(method)));
      if (message.containsKey('method')) {
        notifications.add(<String, Object?>{'method': message['method'], 'params': fromJson(message['params'])});
      } else if (message['id'] == id || message['id'] == null) {
        final Object? error = message['error'];
        if (error != null) throw TimRpcError.fromJson(method, asMap(fromJson(error)));
        return fromJson(message['result']);
      }
    }
  }

  void close() {
    if (_closed) return;
    _closed = true;
    _socket.closeSync();
  }

  void _send(Map<String, Object?> message) {
    try {
      _socket.writeFromSync(utf8.encode('${jsonEncode(message)}\n'));
    } on SocketException catch (error) {
      throw _gone(message['method'], error.message);
    }
  }

  String _readLine(String method) {
    while (true) {
      final int end = _rest.indexOf(_newline);
      if (end >= 0) {
        _line.add(_rest.sublist(0, end));
        _rest.removeRange(0, end + 1);
        return utf8.decode(_line.takeBytes(), allowMalformed: true);
      }
      _line.add(List<int>.of(_rest));
      _rest.clear();
      final int count = _read(method);
      _rest.addAll(Uint8List.sublistView(_chunk, 0, count));
    }
  }

  int _read(String method) {
    try {
      final int count = _socket.readIntoSync(_chunk);
      if (count > 0) return count;
    } on SocketException catch (error) {
      throw _gone(method, error.message);
    }
    throw _gone(method, 'it closed the connection');
  }

  TimBridgeException _gone(Object? method, String why) {
    close();
    return TimBridgeException('lost the bridge on $address during $method ($why).');
  }

  static final RegExp _address = RegExp(r'^(?:[a-z]+://)?\[?([^/\]]+)\]?:(\d{1,5})/?$');
  static const int _newline = 0x0a;
}
