import 'dart:typed_data';

import 'package:flutter/services.dart';
import 'package:flutter/widgets.dart';

import 'recording.dart';
import 'rpc.dart';

/// A messenger that passes everything on and writes down what goes over the chat plugin's channel.
///
/// An app gets one through [TimTapWidgetsBinding], before anything else touches the binding:
/// ```dart
/// void main() {
///   TimTapWidgetsBinding(TimRecording.toFile('$folder/session.jsonl'));
///   runApp(const MyApp());
/// }
/// ```
/// The recording never changes, delays or breaks what it listens to: what cannot be written is left out.
class TimTap extends BinaryMessenger {
  TimTap(this.delegate, this.recording, {this.channels = Wire.channels});

  final BinaryMessenger delegate;
  final TimRecording recording;
  final List<String> channels;

  @override
  Future<ByteData?>? send(String channel, ByteData? message) {
    final Future<ByteData?>? answer = delegate.send(channel, message);
    if (!channels.contains(channel) || message == null) return answer;
    void Function(ByteData? bytes)? note;
    _quietly(() => note = _noteCall(message));
    return answer?.then((ByteData? bytes) {
      _quietly(() => note?.call(bytes));
      return bytes;
    });
  }

  @override
  void setMessageHandler(String channel, MessageHandler? handler) {
    if (handler == null || !channels.contains(channel)) return delegate.setMessageHandler(channel, handler);
    delegate.setMessageHandler(channel, (ByteData? message) {
      if (message != null) _quietly(() => _noteEvent(message));
      return handler(message);
    });
  }

  // Abstract in the oldest Flutter that this package serves, deprecated in the newest.
  @override
  Future<void> handlePlatformMessage(String channel, ByteData? data, void Function(ByteData? data)? callback) =>
      // ignore: deprecated_member_use
      delegate.handlePlatformMessage(channel, data, callback);

  /// Returns what takes the reply down; null if this call is not recorded.
  void Function(ByteData? bytes)? _noteCall(ByteData message) {
    final MethodCall call = _codec.decodeMethodCall(message);
    // It holds the arguments of other calls as text, secrets included.
    if (call.method == Wire.trace) return null;
    final int cause = recording.call(call.method, call.arguments);
    return (ByteData? bytes) => _noteReply(cause, call.method, bytes);
  }

  void _noteEvent(ByteData message) {
    final MethodCall event = _codec.decodeMethodCall(message);
    recording.event(event.method, event.arguments);
  }

  void _noteReply(int cause, String method, ByteData? bytes) {
    if (bytes == null) return recording.failure(cause, method, 'notImplemented');
    try {
      recording.reply(cause, method, _codec.decodeEnvelope(bytes));
    } on PlatformException catch (error) {
      recording.failure(cause, method, error.code, error.message);
    }
  }

  static void _quietly(void Function() note) {
    try {
      note();
    } on Object catch (error) {
      debugPrint('timbridge: could not record: $error');
    }
  }

  static const MethodCodec _codec = StandardMethodCodec();
}

/// Puts a [TimTap] in front of the platform, for any binding.
mixin TimTapBinding on ServicesBinding {
  /// Where to write. Asked for once, while the binding is being made.
  TimRecording get recording;

  @override
  BinaryMessenger createBinaryMessenger() => TimTap(super.createBinaryMessenger(), recording);
}

/// Flutter's own binding with a [TimTap] in it.
class TimTapWidgetsBinding extends WidgetsFlutterBinding with TimTapBinding {
  TimTapWidgetsBinding(this.recording);

  @override
  final TimRecording recording;
}
