import 'dart:async';

import 'package:tencent_cloud_chat_sdk/tencent_im_sdk_plugin.dart';
import 'package:timbridge_test/timbridge_test.dart';

/// Read by `flutter test` before each file: the plugin is put back at the end of each test.
Future<void> testExecutable(FutureOr<void> Function() testMain) async {
  TimBridge.plugin = () => TencentImSDKPlugin.v2TIMManager;
  await testMain();
}
