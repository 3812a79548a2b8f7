import 'package:flutter_test/flutter_test.dart';
import 'package:tencent_cloud_chat_sdk/enum/V2TimAdvancedMsgListener.dart';
import 'package:tencent_cloud_chat_sdk/enum/V2TimSDKListener.dart';
import 'package:tencent_cloud_chat_sdk/enum/log_level_enum.dart';
import 'package:tencent_cloud_chat_sdk/tencent_im_sdk_plugin.dart';
import 'package:timbridge_test/timbridge_test.dart';

void main() {
  final manager = TencentImSDKPlugin.v2TIMManager;
  late TimBridge chat;
  setUp(() async => chat = await TimBridge.start());

  testWidgets('alice hears from bob', (tester) async {
    await manager.initSDK(sdkAppID: 1, loglevel: LogLevelEnum.V2TIM_LOG_NONE, listener: V2TimSDKListener());
    await manager.login(userID: 'alice', userSig: 'any');
    final heard = <String?>[];
    await manager.getMessageManager().addAdvancedMsgListener(
        listener: V2TimAdvancedMsgListener(onRecvNewMessage: (message) => heard.add(message.textElem?.text)));

    await chat.user('bob').says('hi', to: 'alice');

    expect(heard, ['hi']);
    chat.expectCalls(['login']);
    await chat.settle(tester);
  });
}
