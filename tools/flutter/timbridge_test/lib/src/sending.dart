import 'dart:convert';
import 'dart:io';

import 'message.dart';
import 'story.dart';
import 'values.dart';

/// Messages that are more than a text. Each returns the message as its sender sees it.
///
/// A path is one on the machine of the bridge, which looks how large the file is. Without one a small file is sent.
extension TimSending on TimUser {
  Future<TimMessage> sendsImage({String? to, String? group, String? path}) =>
      sendsCreated('createImageMessage', <String, Object?>{'imagePath': path ?? _sample('picture.png')},
          to: to, group: group);

  Future<TimMessage> sendsVoice({
    String? to,
    String? group,
    String? path,
    Duration duration = const Duration(seconds: 3),
  }) =>
      sendsCreated('createSoundMessage',
          <String, Object?>{'soundPath': path ?? _sample('voice.m4a'), 'duration': duration.inSeconds},
          to: to, group: group);

  /// [snapshot]: the path of the picture that stands for the video.
  Future<TimMessage> sendsVideo({
    String? to,
    String? group,
    String? path,
    String? snapshot,
    Duration duration = const Duration(seconds: 10),
  }) {
    final String file = path ?? _sample('video.mp4');
    return sendsCreated('createVideoMessage', <String, Object?>{
      'videoFilePath': file,
      'type': file.contains('.') ? file.split('.').last : 'mp4',
      'duration': duration.inSeconds,
      'snapshotPath': snapshot ?? _sample('picture.png'),
    }, to: to, group: group);
  }

  /// [name]: what the file is called; that of the path by default.
  Future<TimMessage> sendsFile({String? to, String? group, String? path, String? name}) {
    final String file = path ?? _sample('paper.txt');
    return sendsCreated('createFileMessage', <String, Object?>{
      'filePath': file,
      'fileName': name ?? file.split(RegExp(r'[/\\]')).last,
    }, to: to, group: group);
  }

  Future<TimMessage> sendsLocation({
    String? to,
    String? group,
    required double latitude,
    required double longitude,
    String desc = '',
  }) =>
      sendsCreated('createLocationMessage',
          <String, Object?>{'desc': desc, 'longitude': longitude, 'latitude': latitude},
          to: to, group: group);

  /// Sends a sticker: the [index]th of the app's, or what the app calls [data].
  Future<TimMessage> sendsSticker({String? to, String? group, int index = 0, String data = ''}) =>
      sendsCreated('createFaceMessage', <String, Object?>{'index': index, 'data': data}, to: to, group: group);

  /// Says [text] in [group] and mentions [users]: everybody if there are none.
  Future<TimMessage> mentions(List<String> users, String text, {required String group}) =>
      sendsCreated('createTextAtMessage', <String, Object?>{
        'text': text,
        'atUserList': users.isEmpty ? <String>[_everybody] : users,
      }, group: group);

  /// Says [text] as a reply to [message], as the plugin's `sendReplyMessage` and the vendor's UI kits tell each other.
  Future<TimMessage> replies(Object message, String text, {String? to, String? group}) {
    final Map<String, Object?> original = message is String ? <String, Object?>{} : asMap(message);
    final Object? name = original['nickName'];
    final Map<String, Object?> reply = <String, Object?>{
      'messageID': TimMessage.idOf(message),
      'messageAbstract': asMap(original['textElem'])['text'] ?? '',
      'messageSender': name is String && name.isNotEmpty ? name : original['sender'],
      'messageType': original['elemType'] ?? 1,
      'version': 1,
    };
    return sendsCreated('createTextMessage', <String, Object?>{'text': text}, to: to, group: group, extras: <String, Object?>{
      'cloudCustomData': jsonEncode(<String, Object?>{'messageReply': reply}),
    });
  }

  /// Sends [message] on.
  Future<TimMessage> forwards(Object message, {String? to, String? group}) =>
      sendsCreated('createForwardMessage', <String, Object?>{'msgID': TimMessage.idOf(message)}, to: to, group: group);

  /// A small file of this name, made on first use; on a device the bridge does not see it, and takes it as empty.
  static String _sample(String name) {
    final Directory folder = Directory('${Directory.systemTemp.path}/timbridge-samples')..createSync(recursive: true);
    final File file = File('${folder.path}/$name');
    if (!file.existsSync()) file.writeAsBytesSync(name.endsWith('.png') ? base64Decode(_onePoint) : utf8.encode(name));
    return file.path;
  }

  static const String _onePoint =
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==';

  /// What the plugin calls all members of a group in a mention.
  static const String _everybody = '__kImSDK_MesssageAtALL__';
}
