import 'bridge.dart';
import 'errors.dart';
import 'rpc.dart';
import 'turn.dart';
import 'values.dart';

/// A device beside the one under test, driven by plain channel calls.
///
/// Unlike a [TimUser] it is a real client: it is online, can kick and be kicked, and hears events.
class TimDevice {
  TimDevice._(this.bridge, this.name);

  /// Opens a device; [dialect] and [platform] are by default those of the server.
  factory TimDevice.open(TimBridge bridge, String name, {String? dialect, String? platform}) {
    bridge.ask(Rpc.deviceOpen, <String, Object?>{
      'device': name,
      if (dialect != null) 'dialect': dialect,
      if (platform != null) 'platform': platform,
    });
    return TimDevice._(bridge, name);
  }

  /// The bridge that it is on.
  final TimBridge bridge;
  final String name;

  /// What this device was told so far, oldest first.
  final List<TimEvent> events = <TimEvent>[];

  /// The types of [events], for short expectations.
  List<String> get eventTypes => <String>[for (final TimEvent event in events) event.type];

  /// Makes a channel call and returns what the plugin would get: mostly `{code, desc, data}`.
  Future<Object?> call(String method, [Map<String, Object?> arguments = const <String, Object?>{}]) =>
      bridge.tellDevice(name, method, arguments);

  /// Initialises the device, registers every listener, and logs [userID] in.
  ///
  /// Throws [TimRefusal] if the service does not let them in.
  Future<void> logsIn(String userID, {String userSig = 'sig', int sdkAppID = 1400000000}) async {
    await call('initSDK', <String, Object?>{
      'sdkAppID': sdkAppID,
      'logLevel': 0,
      'listenerUuid': _listener,
      'uiPlatform': 0,
    });
    for (final String method in _listenerCalls) {
      await call(method, <String, Object?>{'listenerUuid': _listener});
    }
    final Map<String, Object?> reply =
        asMap(await call('login', <String, Object?>{'userID': userID, 'userSig': userSig}));
    if (reply['code'] != 0) throw TimRefusal(userID, 'login', reply['code'] as int? ?? -1, '${reply['desc']}');
  }

  /// Kills the app on this device: offline at once.
  Future<void> close() async {
    bridge.closeDevice(name);
    await bridge.deliver();
  }

  String get _listener => 'timbridge-test-$name';

  static const List<String> _listenerCalls = <String>[
    'addConversationListener',
    'addAdvancedMsgListener',
    'addGroupListener',
    'addFriendListener',
    'addSignalingListener',
  ];
}
