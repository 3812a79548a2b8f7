import 'package:flutter_test/flutter_test.dart';

import 'bridge.dart';
import 'rpc.dart';
import 'values.dart';

/// The bridge's clock, alone or together with the test's.
///
/// There are three clocks. The **service's** ([now]) stamps messages and ends what has a time: it stands still but for
/// a millisecond with each call, until [pump] or [advance] moves it. The **binding's** is that of timers and
/// animations, and in `testWidgets` moves by `tester.pump` and [pump]. `DateTime.now()` is the wall's: nothing here
/// moves it. An app that compares it with a message's time wants `TimBridge.start(now: DateTime.now())`.
extension TimTime on TimBridge {
  /// As `tester.pump(duration)`, and the bridge's clock goes along.
  ///
  /// Both go forward in steps, so that a timer of the service (a signalling timeout, say) fires at about the
  /// right moment between the app's own timers. [step] is at most 100 ms, or a hundredth of a duration beyond
  /// ten seconds; each step builds a frame. Without a duration: delivers what is waiting, and pumps once.
  Future<void> pump(WidgetTester tester, [Duration duration = Duration.zero, Duration? step]) async {
    Duration left = duration;
    final Duration stride = step ?? _stride(duration);
    if (stride <= Duration.zero) throw ArgumentError.value(step, 'step', 'must be positive');
    while (left > Duration.zero) {
      final Duration now = left < stride ? left : stride;
      await tell(Rpc.clockAdvance, <String, Object?>{'ms': now.inMilliseconds});
      await tester.pump(now);
      left -= now;
    }
    collect();
    await deliver();
    await tester.pump();
  }

  /// Lets [duration] pass for the service alone.
  Future<void> advance(Duration duration) => tell(Rpc.clockAdvance, <String, Object?>{'ms': duration.inMilliseconds});

  /// What time it is for the service.
  DateTime get now {
    final Object? answer = ask(Rpc.clockNow);
    final Object? ms = answer is Map ? asMap(answer)['ms'] : answer;
    return DateTime.fromMillisecondsSinceEpoch(ms as int, isUtc: true);
  }

  /// Until the app is at rest: all answers and events are in and on the screen, and the client's own timers have run
  /// out.
  ///
  /// Where the plugin calls a native library, whose answers come in real time, it stands behind whatever makes the app
  /// call the plugin; it says which calls are not answered because a fault holds them back. And it is the last line of
  /// each `testWidgets` body: the 8.x client logs nearly every call by a timer of one second (unless `initSDK` had
  /// `showImLog: false`), and takes its message listener away by another; a widget test that ends before them fails
  /// with "A Timer is still pending". The bridge's clock stays where it is.
  Future<void> settle(WidgetTester tester) async {
    await _rest(tester);
    for (int i = 0; i < _rounds; i++) {
      await tester.pump(const Duration(seconds: 1));
      await _rest(tester);
    }
    sayWhatWaits();
  }

  /// A frame may make the app call the plugin, and an answer may make it build a frame.
  Future<void> _rest(WidgetTester tester) async {
    int before;
    do {
      await deliver();
      before = activity;
      await tester.pump();
      await deliver();
    } while (activity != before);
  }

  /// A removed listener's call comes after a second and is logged a second later.
  static const int _rounds = 2;

  static Duration _stride(Duration duration) {
    const Duration fine = Duration(milliseconds: 100);
    return duration <= const Duration(seconds: 10) ? fine : Duration(milliseconds: duration.inMilliseconds ~/ 100);
  }
}
