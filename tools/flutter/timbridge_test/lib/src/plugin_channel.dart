import 'dart:async';
import 'dart:typed_data';

import 'package:flutter/services.dart';
import 'package:flutter_test/flutter_test.dart';

import 'errors.dart';
import 'inbox.dart';
import 'rpc.dart';
import 'turn.dart';
import 'values.dart';

/// The app's end of the plugin's channel: takes its calls, gives it replies and events, in the right order.
class PluginChannel {
  PluginChannel(this._ask, {required this.faithful});

  /// Carries a call out and returns all that it caused. Throws [TimRpcError] or [TimBridgeException].
  final TimTurn Function(String channel, String method, Object? arguments) _ask;

  /// Whether a call that the real plugin never answers stays unanswered here.
  final bool faithful;

  /// The channel that the app called last; events go there.
  String name = Wire.channels.first;

  /// Whether the app has called the plugin's native side by a channel, as generations before the native library do.
  bool isUsed = false;

  /// What the app was told so far.
  final List<TimEvent> events = <TimEvent>[];
  final List<TimProblem> problems = <TimProblem>[];

  final Inbox _inbox = Inbox();

  /// Calls whose reply is held back, by the id of their request.
  final Map<Object, Completer<Object?>> _pending = <Object, Completer<Object?>>{};

  static PluginChannel? _installed;

  /// Takes the plugin's channels over from whoever had them.
  void install() {
    TestWidgetsFlutterBinding.ensureInitialized();
    for (final String channel in Wire.channels) {
      _messenger.setMockMethodCallHandler(MethodChannel(channel), (MethodCall call) => _answer(channel, call));
    }
    _installed = this;
  }

  /// Gives the channels back, unless somebody else has them by now, and drops what was not delivered.
  ///
  /// What the client logs a second after its last call still gets an answer: its exception would be nobody's, and
  /// fail a test that has ended.
  void uninstall() {
    _inbox.clear();
    if (!identical(_installed, this)) return;
    _installed = null;
    answerAlone();
  }

  /// Answers what needs no bridge, without one.
  static void answerAlone() {
    for (final String channel in Wire.channels) {
      _messenger.setMockMethodCallHandler(MethodChannel(channel), (MethodCall call) async {
        if (_needsNoBridge(call)) return _alone(call);
        throw MissingPluginException('no TimBridge is there to answer ${call.method}');
      });
    }
  }

  /// The client logs nearly every call, a second later: noise in a journal, and often after the end.
  static bool _needsNoBridge(MethodCall call) => call.method == Wire.trace || Wire.left.containsKey(call.method);

  static Object? _alone(MethodCall call) => call.method == Wire.trace ? '' : Wire.left[call.method];

  /// Completes when everything has been delivered and the app has had time to react.
  Future<void> drain() => _inbox.drain();

  /// Hands [arrival] to the app when it is next in line.
  void deliver(TimArrival arrival) {
    if (arrival is TimEvent) _inbox.add(() => _hand(arrival));
    if (arrival is TimLateReply) _answerLate(arrival);
  }

  void _answerLate(TimLateReply late) {
    final Completer<Object?>? reply = _pending.remove(late.request);
    final TimRpcError? error = late.error;
    if (reply == null) return;
    if (error == null) {
      _inbox.add(() => reply.complete(late.result));
    } else {
      _refuse(error, reply);
    }
  }

  // In real Flutter a field of the test binding, whose type depends on the version; this cast works in all.
  static TestDefaultBinaryMessenger get _messenger =>
      ServicesBinding.instance.defaultBinaryMessenger as TestDefaultBinaryMessenger;

  Future<Object?> _answer(String channel, MethodCall call) {
    name = channel;
    if (_needsNoBridge(call)) return Future<Object?>.value(_alone(call));
    isUsed = true;
    final Completer<Object?> reply = Completer<Object?>();
    try {
      final TimTurn turn = _ask(channel, call.method, call.arguments);
      turn.arrivals.where((TimArrival arrival) => arrival.early).forEach(deliver);
      if (turn.pending == null) {
        _inbox.add(() => reply.complete(turn.result));
      } else {
        _pending[turn.pending!] = reply;
      }
      turn.arrivals.where((TimArrival arrival) => !arrival.early).forEach(deliver);
    } on TimRpcError catch (error) {
      _refuse(error, reply);
    } on TimBridgeException catch (error) {
      problems.add(TimProblem(call.method, error.message));
      _inbox.add(() => reply.completeError(PlatformException(code: 'timbridge', message: error.message)));
    } on ArgumentError catch (error) {
      problems.add(TimProblem(call.method, 'the arguments cannot be sent: $error'));
      _inbox.add(() => reply.completeError(PlatformException(code: 'timbridge', message: '$error')));
    }
    return reply.future;
  }

  void _refuse(TimRpcError error, Completer<Object?> reply) {
    final PlatformException? wanted = _injectedException(error);
    if (wanted == null) problems.add(TimProblem.of(error));
    if (error.code == RpcCode.unanswered && faithful) return;
    _inbox.add(() => reply.completeError(wanted ?? _thrown(error)));
  }

  static Object _thrown(TimRpcError error) => error.code == RpcCode.unknownMethod
      ? MissingPluginException('$error')
      : PlatformException(code: '${error.code}', message: error.message, details: error.details.join('\n'));

  /// The exception that a `platformException` fault asks for; null for an error of the bridge itself.
  static PlatformException? _injectedException(TimRpcError error) {
    if (!error.isInjected) return null;
    final Map<String, Object?> data = asMap(error.data);
    return PlatformException(
        code: data['code']! as String, message: data['message'] as String?, details: data['details']);
  }

  /// The plugin catches what a listener throws and only prints it. Here it becomes a problem of the test.
  void _hand(TimEvent event) {
    events.add(event);
    final List<String> printed = <String>[];
    bool listening = true;
    runZoned(
      () => unawaited(_messenger.handlePlatformMessage(
        name,
        _codec.encodeMethodCall(MethodCall(event.method, event.arguments)),
        (ByteData? reply) => _checkReaction(event, reply),
      )),
      zoneSpecification: ZoneSpecification(
        print: (Zone self, ZoneDelegate parent, Zone zone, String line) {
          if (listening) printed.add(line);
          parent.print(zone, line);
        },
      ),
    );
    listening = false;
    final String? thrown = _swallowed(printed.join('\n'));
    if (thrown != null) _blame(event, thrown);
  }

  /// What the plugin's error report says was thrown; null if [text] is none: an error and a stack trace through
  /// the plugin, in one go.
  static String? _swallowed(String text) {
    final Match? trace = _traceStart.firstMatch(text);
    if (trace == null || !_pluginFrame.hasMatch(text)) return null;
    return text.substring(0, trace.start).trim();
  }

  /// An exception that gets as far as the channel becomes an error envelope, which no platform looks at.
  void _checkReaction(TimEvent event, ByteData? reply) {
    if (reply == null) return;
    try {
      _codec.decodeEnvelope(reply);
    } on PlatformException catch (error) {
      _blame(event, '${error.message}');
    }
  }

  void _blame(TimEvent event, String thrown) =>
      problems.add(TimProblem(event.method, 'the app threw on ${event.type}: $thrown'));

  static const MethodCodec _codec = StandardMethodCodec();
  static final RegExp _traceStart = RegExp(r'#0 ');
  static final RegExp _pluginFrame = RegExp('package:(?:${Wire.channels.join('|')})/');
}
