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

  /// How long a message may be; null until the bridge has said so.
  int? mostBytes;

  /// The id of the latest request.
  int get lastId => _lastId;

  /// Notifications that came in between, as `{method, params}`, oldest first. The caller takes them out.
  final List<Map<String, Object?>> notifications = <Map<String, Object?>>[];

  /// Sends one request and waits for its reply.
  ///
  /// Returns the result with bytes decoded. Throws a [TimRpcError] if the bridge answers with an error, and
  /// a [TimBridgeException] if the connection is gone, or if there is no reply within [patience].
  Object? request(String method, [Map<String, Object?> params = const <String, Object?>{}, Duration? patience]) {
    if (_closed) throw TimBridgeException('the connection to $address is closed.');
    final int id = ++_lastId;
    _send(<String, Object?>{'jsonrpc': '2.0', 'id': id, 'method': method, 'params': toJson(params)});
    while (true) {
      final Map<String, Object?> message = _understood(_readLine(method, patience));
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
    final List<int> bytes = utf8.encode('${jsonEncode(message)}\n');
    final int? most = mostBytes;
    if (most != null && bytes.length > most) {
      throw TimBridgeException(
          '${message['method']} is ${bytes.length >> 20} MiB long, and the bridge takes ${most >> 20}.');
    }
    try {
      _socket.writeFromSync(bytes);
    } on SocketException catch (error) {
      throw _gone(message['method'], error.message);
    }
  }

  /// What [line] says, if whoever is there speaks as a bridge does.
  Map<String, Object?> _understood(String line) {
    try {
      final Object? message = jsonDecode(line);
      if (message is Map) return asMap(message);
    } on FormatException {
      // It is told below who speaks like that.
    }
    close();
    final bool isWeb = line.startsWith('HTTP/') || line.startsWith('<');
    throw TimBridgeException('${isWeb ? 'a web server' : 'something'} that is no bridge listens on $address '
        '(it answers "${line.trim().length > 40 ? '${line.trim().substring(0, 40)}…' : line.trim()}"): $_advice');
  }

  static const String _advice = 'start a bridge on another port, '
      'or run the tests with `timbridge exec -- flutter test`.';

  String _readLine(String method, Duration? patience) {
    while (true) {
      final int end = _rest.indexOf(_newline);
      if (end >= 0) {
        _line.add(_rest.sublist(0, end));
        _rest.removeRange(0, end + 1);
        return utf8.decode(_line.takeBytes(), allowMalformed: true);
      }
      _line.add(List<int>.of(_rest));
      _rest.clear();
      if (patience != null) _wait(patience);
      final int count = _read(method);
      _rest.addAll(Uint8List.sublistView(_chunk, 0, count));
    }
  }

  /// Blocks until something is there to be read.
  void _wait(Duration patience) {
    final Stopwatch watch = Stopwatch()..start();
    while (_socket.available() == 0) {
      if (watch.elapsed > patience) {
        close();
        throw TimBridgeException(
            'who listens on $address has said nothing for ${patience.inSeconds} s, so it is no bridge: $_advice');
      }
      sleep(const Duration(microseconds: 200));
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
