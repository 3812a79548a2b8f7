import 'dart:async';

import 'library.dart';

/// The plugin's Dart side. It keeps things in static fields: what one test leaves there, the next one has.
///
/// This package knows no plugin: it is given one as [manager], and calls it without types. What one generation does
/// not have is left out.
class Plugin {
  Plugin._();

  /// Returns the plugin's `V2TIMManager`; see `TimBridge.plugin`.
  static Object Function()? manager;

  /// Told what the app's listeners throw at the library's port.
  static void Function(Object error, StackTrace stack)? onError;

  static bool _asked = false;
  static bool _listens = false;
  static bool _starting = false;

  /// Lets the plugin listen at the library's port, once in a process, in a zone that outlives tests.
  ///
  /// It would else listen in the zone of the first widget test, which is dead when that has ended: what a later
  /// event has to wait for would never come. Needs real time.
  static Future<void> listen() async {
    final Object Function()? found = manager;
    if (found == null || _listens) return;
    _listens = true;
    _starting = true;
    try {
      await _zone.run(() => _startAndStop(found()));
    } on NoSuchMethodError {
      // A generation that has a channel: initSDK needs more there.
    } finally {
      _starting = false;
    }
    await NativeLibrary.takeFromPort(); // what the start has told is nobody's business
  }

  /// Says, once in a process, what a second test misses without a [manager].
  static void askForManager() {
    if (_asked) return;
    _asked = true;
    // ignore: avoid_print
    print('timbridge: the plugin keeps its listeners and its start from one test to the next, so this test hears '
        'listeners of earlier ones, and not all events. '
        'Let it be put back by `TimBridge.plugin = () => TencentImSDKPlugin.v2TIMManager;` in main() or flutter_test_config.dart.');
  }

  static Future<void> _startAndStop(dynamic plugin) async {
    await plugin.initSDK(sdkAppID: 1, showImLog: false);
    await plugin.unInitSDK();
  }

  /// Takes away all listeners, and ends the client, without waiting for the plugin's timers.
  static Future<void> forget() async {
    final Object Function()? found = manager;
    NativeLibrary.fakeZone = null;
    if (found == null) return;
    final dynamic plugin = found();
    final List<Object? Function()> steps = <Object? Function()>[
      () => List<Object?>.of(plugin.v2TIMSDKListenerList as Iterable<Object?>)
          .forEach((Object? listener) => plugin.removeIMSDKListener(listener)),
      () => plugin.removeUIKitListener(),
      // Up to 6.1 the end of the client leaves these, and a new message reaches all of the first kind.
      () => plugin.getMessageManager().removeAdvancedMsgListener(),
      () => plugin.getConversationManager().removeConversationListener(),
      () => plugin.getFriendshipManager().removeFriendListener(),
      () => plugin.getSignalingManager().removeSignalingListener(),
      () => plugin.removeGroupListener(),
      () => plugin.removeSimpleMsgListener(),
      () => plugin.getCommunityManager().removeCommunityListener(),
      () => plugin.unInitSDK(),
    ];
    for (final Object? Function() step in steps) {
      await _try(step);
    }
  }

  static Future<void> _try(Object? Function() step) async {
    try {
      final Object? done = runZoned(step, zoneSpecification: _hasty);
      if (done is Future<Object?>) await done.timeout(_patience, onTimeout: () => null);
    } on Object {
      // This generation has no such thing, or stumbles over the answer, as 8.2 does over that of
      // removeCommunityListener. What it keeps is taken away before it asks.
    }
  }

  /// The 8.2 client takes its message listener away a second after it was told to.
  static final ZoneSpecification _hasty = ZoneSpecification(
    createTimer: (Zone self, ZoneDelegate parent, Zone zone, Duration duration, void Function() work) =>
        parent.createTimer(zone, Duration.zero, work),
  );

  /// Where the plugin listens: a zone of no test, which lends its tasks to the zone of the test that runs.
  static final Zone _zone = Zone.root.fork(
    specification: ZoneSpecification(
      scheduleMicrotask: (Zone self, ZoneDelegate parent, Zone zone, void Function() work) {
        final Zone? fake = NativeLibrary.fakeZone;
        fake == null ? parent.scheduleMicrotask(zone, work) : fake.scheduleMicrotask(work);
      },
      createTimer: (Zone self, ZoneDelegate parent, Zone zone, Duration duration, void Function() work) {
        final Zone? fake = NativeLibrary.fakeZone;
        // Half a second after its start the plugin logs: that is over before the first test, too.
        if (_starting) return parent.createTimer(zone, Duration.zero, work);
        return fake == null ? parent.createTimer(zone, duration, work) : fake.createTimer(duration, work);
      },
      createPeriodicTimer: (Zone self, ZoneDelegate parent, Zone zone, Duration period, void Function(Timer) work) {
        final Zone? fake = NativeLibrary.fakeZone;
        return fake == null
            ? parent.createPeriodicTimer(zone, period, work)
            : fake.createPeriodicTimer(period, work);
      },
      handleUncaughtError: (Zone self, ZoneDelegate parent, Zone zone, Object error, StackTrace stack) {
        final void Function(Object error, StackTrace stack)? tell = onError;
        tell == null ? parent.handleUncaughtError(zone, error, stack) : tell(error, stack);
      },
    ),
  );

  static const Duration _patience = Duration(seconds: 5);
}
