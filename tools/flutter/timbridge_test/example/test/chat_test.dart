import 'dart:async';

import 'package:flutter_test/flutter_test.dart';
import 'package:tencent_cloud_chat_sdk/enum/V2TimAdvancedMsgListener.dart';
import 'package:tencent_cloud_chat_sdk/enum/V2TimSDKListener.dart';
import 'package:tencent_cloud_chat_sdk/enum/log_level_enum.dart';
import 'package:tencent_cloud_chat_sdk/manager/v2_tim_manager.dart';
import 'package:tencent_cloud_chat_sdk/tencent_im_sdk_plugin.dart';
import 'package:timbridge_test/timbridge_test.dart';

/// The plugin, which must not be touched before there is a binding: not in `main()` itself.
V2TIMManager get manager => TencentImSDKPlugin.v2TIMManager;

/// What an app does when it starts.
Future<void> startApp(void Function(String? text) onMessage) async {
  await manager.initSDK(sdkAppID: 1, loglevel: LogLevelEnum.V2TIM_LOG_NONE, listener: V2TimSDKListener());
  await manager.getMessageManager().addAdvancedMsgListener(
      listener: V2TimAdvancedMsgListener(onRecvNewMessage: (message) => onMessage(message.textElem?.text)));
  await manager.login(userID: 'alice', userSig: 'any');
}

void main() {
  late TimBridge chat;
  setUp(() async => chat = await TimBridge.start());

  testWidgets('alice hears from bob', (tester) async {
    final heard = <String?>[];
    unawaited(startApp(heard.add)); // as an app does: a native library answers in real time, which does not pass here

    await chat.user('bob').says('hi', to: 'alice');

    expect(heard, ['hi']);
    chat.expectCalls(['login']);
    chat.expectEvents(['onRecvNewMessage']);
    await chat.settle(tester);
  });

  testWidgets('a message that is refused', (tester) async {
    unawaited(startApp((_) {}));
    await chat.settle(tester);
    chat.fault(method: 'sendMessage', code: 9508, desc: 'no network', times: 1);

    final messages = manager.getMessageManager();
    int? code;
    unawaited(() async {
      final created = await messages.createTextMessage(text: 'are you there?');
      code = (await messages.sendMessage(id: created.data!.id!, receiver: 'bob', groupID: '')).code;
    }());
    await chat.settle(tester);

    expect(code, 9508);
  });
}
