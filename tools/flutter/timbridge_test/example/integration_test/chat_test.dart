import 'package:flutter_test/flutter_test.dart';
import 'package:integration_test/integration_test.dart';
import 'package:tencent_cloud_chat_sdk/enum/V2TimSDKListener.dart';
import 'package:tencent_cloud_chat_sdk/enum/log_level_enum.dart';
import 'package:tencent_cloud_chat_sdk/tencent_im_sdk_plugin.dart';
import 'package:timbridge_test/timbridge_test.dart';

/// For plugins with a channel, before 8.5.6864+4: there is no native library of ours for phones.
///
/// On the host: `timbridge serve --listen 127.0.0.1:7400`, for an Android device `adb reverse tcp:7400 tcp:7400`, then
/// `flutter test integration_test --dart-define=TIMBRIDGE_ADDRESS=127.0.0.1:7400`.
void main() {
  IntegrationTestWidgetsFlutterBinding.ensureInitialized(); // before anything touches the plugin
  final manager = TencentImSDKPlugin.v2TIMManager;
  late TimBridge chat;
  setUp(() async => chat = await TimBridge.start(poll: const Duration(milliseconds: 50)));

  testWidgets('alice survives a refused login', (tester) async {
    await manager.initSDK(sdkAppID: 1, loglevel: LogLevelEnum.V2TIM_LOG_NONE, showImLog: false, listener: V2TimSDKListener());
    chat.fault(method: 'login', code: 6206, desc: 'UserSig expired', times: 1);
    expect((await manager.login(userID: 'alice', userSig: 'any')).code, 6206);
    expect((await manager.login(userID: 'alice', userSig: 'any')).code, 0);
  });
}
