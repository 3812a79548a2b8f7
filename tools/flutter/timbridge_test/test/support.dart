import 'package:flutter/services.dart';
import 'package:flutter_test/flutter_test.dart';
import 'package:timbridge_test/timbridge_test.dart';

/// Plays the plugin's Dart side: the same calls on the same channel, without the plugin.
class Client {
  Client([String channel = 'tencent_cloud_chat_sdk']) : _channel = MethodChannel(channel) {
    _channel.setMethodCallHandler((MethodCall event) async {
      final Map<Object?, Object?> arguments = event.arguments as Map<Object?, Object?>;
      log.add('${arguments['type']}');
      data['${arguments['type']}'] = arguments['data'];
      onEvent?.call('${arguments['type']}');
    });
  }

  final MethodChannel _channel;

  /// What happened, in order: types of events, and what a test adds.
  final List<String> log = <String>[];

  /// The data of the last event of each type.
  final Map<String, Object?> data = <String, Object?>{};

  void Function(String type)? onEvent;

  Future<Object?> call(String method, [Map<String, Object?> arguments = const <String, Object?>{}]) =>
      _channel.invokeMethod<Object?>(method, arguments);

  /// Calls, and notes the code of the reply in the [log].
  Future<Object?> noted(String method, [Map<String, Object?> arguments = const <String, Object?>{}]) async {
    final Map<Object?, Object?> reply = (await call(method, arguments))! as Map<Object?, Object?>;
    log.add('$method ${reply['code']}');
    return reply['data'];
  }

  /// Initialises, listens to everything and logs in; the [log] starts empty.
  Future<void> logIn(String userID, TimBridge chat) async {
    await call('initSDK', <String, Object?>{
      'sdkAppID': 1400000000,
      'logLevel': 0,
      'listenerUuid': 'l',
      'uiPlatform': 0,
    });
    for (final String kind in <String>['Conversation', 'AdvancedMsg', 'Group', 'Friend', 'Signaling']) {
      await call('add${kind}Listener', <String, Object?>{'listenerUuid': 'l'});
    }
    final Object? reply = await call('login', <String, Object?>{'userID': userID, 'userSig': 'sig'});
    expect((reply! as Map<Object?, Object?>)['code'], 0);
    await chat.deliver();
    log.clear();
  }

  Future<Object?> createGroup(String name, [List<String> ids = const <String>['c2c_bob']]) =>
      noted('createConversationGroup', <String, Object?>{'groupName': name, 'conversationIDList': ids});
}
