import 'package:flutter/foundation.dart';
import 'package:tencent_cloud_chat_sdk/enum/V2TimAdvancedMsgListener.dart';
import 'package:tencent_cloud_chat_sdk/enum/V2TimSDKListener.dart';
import 'package:tencent_cloud_chat_sdk/enum/log_level_enum.dart';
import 'package:tencent_cloud_chat_sdk/manager/v2_tim_manager.dart';
import 'package:tencent_cloud_chat_sdk/tencent_im_sdk_plugin.dart';

/// One line of the chat.
class Line {
  Line(this.text, {required this.isMine, this.failed});

  final String text;
  final bool isMine;

  /// The code with which the service has refused it; null if it has not.
  final int? failed;
}

/// The chat of one user with another, without any widgets.
class Chat extends ChangeNotifier {
  Chat(this.userID, this.peerID);

  final String userID;
  final String peerID;
  final List<Line> lines = <Line>[];

  /// What stands above the chat.
  String status = 'offline';

  // The plugin must not be touched before there is a binding: not in a field of something that main() makes.
  V2TIMManager get _manager => TencentImSDKPlugin.v2TIMManager;

  /// Starts the plugin, listens and logs in.
  Future<void> start(String userSig) async {
    await _manager.initSDK(
      sdkAppID: 1,
      loglevel: LogLevelEnum.V2TIM_LOG_NONE,
      listener: V2TimSDKListener(onKickedOffline: () => _be('signed in elsewhere')),
    );
    await _manager.getMessageManager().addAdvancedMsgListener(
      listener: V2TimAdvancedMsgListener(
        onRecvNewMessage: (message) => _add(Line(message.textElem?.text ?? '(no text)', isMine: false)),
      ),
    );
    final answer = await _manager.login(userID: userID, userSig: userSig);
    _be(answer.code == 0 ? 'online' : 'sign in failed (${answer.code})');
  }

  /// Sends a text to the other user.
  Future<void> send(String text) async {
    final messages = _manager.getMessageManager();
    final created = await messages.createTextMessage(text: text);
    final sent = await messages.sendMessage(id: created.data!.id!, receiver: peerID, groupID: '');
    _add(Line(text, isMine: true, failed: sent.code == 0 ? null : sent.code));
  }

  void _add(Line line) {
    lines.add(line);
    notifyListeners();
  }

  void _be(String status) {
    this.status = status;
    notifyListeners();
  }
}
