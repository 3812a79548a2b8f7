import 'dart:async';

import 'package:flutter_test/flutter_test.dart';
import 'package:timbridge_test/src/library.dart';
import 'package:timbridge_test/src/plugin.dart';

/// What the plugins' managers have in common, and nothing else.
class Manager {
  final List<String> log = <String>[];

  /// The zone in which it was started, as one in which it would listen at a port.
  Zone? zone;

  Future<void> initSDK({required int sdkAppID, bool? showImLog}) async {
    log.add('initSDK');
    zone = Zone.current;
    Timer(const Duration(milliseconds: 500), () => log.add('the log line of a start'));
  }

  Future<void> unInitSDK() async {
    await Future<void>.delayed(const Duration(minutes: 1));
    log.add('unInitSDK');
  }
}

/// What plugins of today have more.
class Today extends Manager {
  final List<String> v2TIMSDKListenerList = <String>['first', 'second'];

  void removeIMSDKListener(String listener) => v2TIMSDKListenerList.remove(listener);

  void removeUIKitListener() => log.add('removeUIKitListener');

  Today getCommunityManager() => this;

  Future<bool> removeCommunityListener() async => throw TypeError();
}

/// What 6.1 leaves behind at the end of its client.
class Older extends Manager {
  Older getMessageManager() => this;

  Future<void> removeAdvancedMsgListener() => Future<void>.delayed(
      const Duration(seconds: 1), () => log.add('removeAdvancedMsgListener'));

  Future<void> removeGroupListener() async => log.add('removeGroupListener');
}

void main() {
  tearDown(() => Plugin.manager = null);

  test('forgetting takes all listeners away, without waiting', () async {
    final Today plugin = Today();
    Plugin.manager = () => plugin;
    await Plugin.forget();
    expect(plugin.v2TIMSDKListenerList, isEmpty);
    expect(plugin.log, <String>['removeUIKitListener', 'unInitSDK']);
  });

  test('what a generation does not have is left out', () async {
    final Manager plugin = Manager();
    Plugin.manager = () => plugin;
    await Plugin.forget();
    expect(plugin.log, <String>['unInitSDK']);
  });

  test('listeners that outlive the client go, too', () async {
    final Older plugin = Older();
    Plugin.manager = () => plugin;
    await Plugin.forget();
    expect(plugin.log, <String>['removeAdvancedMsgListener', 'removeGroupListener', 'unInitSDK']);
  });

  test('without a plugin nothing is forgotten', () => Plugin.forget());

  group('the port', () {
    final Manager plugin = Manager();
    late List<Object> thrown;

    setUp(() async {
      Plugin.manager = () => plugin;
      thrown = <Object>[];
      Plugin.onError = (Object error, StackTrace stack) => thrown.add(error);
      await Plugin.listen();
    });

    tearDown(() => NativeLibrary.fakeZone = null);

    test('is listened to once in a process', () async {
      expect(plugin.log, containsAll(<String>['initSDK', 'the log line of a start', 'unInitSDK']));
      await Plugin.listen();
      expect(plugin.log, hasLength(3));
    });

    for (int i = 1; i < 3; i++) {
      testWidgets('has its tasks in the test that runs, $i', (WidgetTester tester) async {
        final List<String> log = <String>[];
        NativeLibrary.fakeZone = Zone.current;
        plugin.zone!.run(() {
          scheduleMicrotask(() => log.add('microtask'));
          Timer(const Duration(minutes: 1), () => log.add('timer'));
        });
        await tester.pump();
        expect(log, <String>['microtask']);
        await tester.pump(const Duration(minutes: 1));
        expect(log, <String>['microtask', 'timer']);
      });
    }

    test('tells what listeners throw', () async {
      plugin.zone!.run(() => unawaited(Future<void>.error('wrong')));
      await Future<void>.delayed(Duration.zero);
      expect(thrown, <Object>['wrong']);
    });
  });
}
