import 'dart:convert';
import 'dart:io';
import 'dart:typed_data';

import 'package:flutter/services.dart';
import 'package:flutter_test/flutter_test.dart';
import 'package:timbridge_test/tap.dart';

/// A platform that answers one method and can call back.
class Platform extends BinaryMessenger {
  MessageHandler? handler;

  static const MethodCodec codec = StandardMethodCodec();

  @override
  Future<ByteData?>? send(String channel, ByteData? message) async {
    switch (codec.decodeMethodCall(message).method) {
      case 'login':
        return codec.encodeSuccessEnvelope(<String, Object?>{'code': 0, 'desc': 'ok', 'data': null});
      case 'fails':
        return codec.encodeErrorEnvelope(code: 'e', message: 'm');
      default:
        return null;
    }
  }

  @override
  void setMessageHandler(String channel, MessageHandler? handler) => this.handler = handler;

  @override
  Future<void> handlePlatformMessage(String channel, ByteData? data, void Function(ByteData? data)? callback) async {}
}

void main() {
  final List<Map<String, Object?>> lines = <Map<String, Object?>>[];
  void keep(String line) => lines.add(jsonDecode(line) as Map<String, Object?>);

  setUp(lines.clear);

  MethodChannel tapped(Platform platform, TimRecording recording) =>
      MethodChannel('tencent_cloud_chat_sdk', const StandardMethodCodec(), TimTap(platform, recording));

  test('calls, replies and events are written in order', () async {
    final Platform platform = Platform();
    final MethodChannel channel = tapped(platform, TimRecording(keep));
    channel.setMethodCallHandler((MethodCall call) async => null);
    await channel.invokeMethod<Object?>('login', <String, Object?>{'userID': 'alice', 'userSig': 'eJx'});
    await platform.handler!(Platform.codec.encodeMethodCall(
      const MethodCall('conversationListener', <String, Object?>{'type': 'onSyncServerFinish', 'data': null}),
    ));
    expect(lines, <Object?>[
      <String, Object?>{'recording': 1, 'dialect': 'chat-8.2', 'platform': 'android', 'live': true},
      <String, Object?>{
        'seq': 1,
        'kind': 'call',
        'method': 'login',
        'arguments': <String, Object?>{'userID': 'alice', 'userSig': TimRedaction.mark},
      },
      <String, Object?>{
        'seq': 2,
        'kind': 'reply',
        'cause': 1,
        'method': 'login',
        'result': <String, Object?>{'code': 0, 'desc': 'ok', 'data': null},
      },
      <String, Object?>{
        'seq': 3,
        'kind': 'event',
        'method': 'conversationListener',
        'arguments': <String, Object?>{'type': 'onSyncServerFinish', 'data': null},
      },
    ]);
  });

  test('failures are written and still fail', () async {
    final MethodChannel channel = tapped(Platform(), TimRecording(keep));
    await expectLater(channel.invokeMethod<Object?>('fails'), throwsA(isA<PlatformException>()));
    await expectLater(channel.invokeMethod<Object?>('unheard of'), throwsA(isA<MissingPluginException>()));
    expect(<Object?>[for (final Map<String, Object?> line in lines.skip(1)) line['error']], <Object?>[
      null,
      <String, Object?>{'code': 'e', 'message': 'm'},
      null,
      <String, Object?>{'code': 'notImplemented', 'message': null},
    ]);
  });

  test('other channels and the log of the client are left alone', () async {
    final TimTap tap = TimTap(Platform(), TimRecording(keep));
    const StandardMethodCodec codec = StandardMethodCodec();
    await MethodChannel('other', codec, tap).invokeMethod<Object?>('login', <String, Object?>{});
    await expectLater(
      MethodChannel('tencent_cloud_chat_sdk', codec, tap).invokeMethod<Object?>('uikitTrace', <String, Object?>{}),
      throwsA(isA<MissingPluginException>()),
    );
    expect(lines.length, 1);
  });

  test('what cannot be written breaks nothing', () async {
    final TimRecording recording = TimRecording((String line) {
      if (line.contains('"kind"')) throw const FileSystemException('disk full');
    });
    final Object? reply = await tapped(Platform(), recording).invokeMethod<Object?>('login', <String, Object?>{});
    expect((reply! as Map<Object?, Object?>)['code'], 0);
  });

  test('secrets go, what is only true or false is none', () {
    final Object? cleaned = TimRedaction().clean(<String, Object?>{
      'token': 't',
      'isTPNSToken': true,
      'data': '{"password":"p"}',
    });
    expect(cleaned, <String, Object?>{
      'token': TimRedaction.mark,
      'isTPNSToken': true,
      'data': '{"password":"${TimRedaction.mark}"}',
    });
  });

  test('texts go when asked, the same way each time', () {
    final TimRedaction redaction = TimRedaction(texts: true);
    final Object? cleaned = redaction.clean(<String, Object?>{
      'code': 0,
      'desc': 'ok',
      'data': <String, Object?>{
        'textElem': <String, Object?>{'text': 'secret plan'},
        'lastMessage': <String, Object?>{'text': 'secret plan'},
        'draftText': 'other',
        'userID': 'alice',
      },
    });
    expect(cleaned, <String, Object?>{
      'code': 0,
      'desc': 'ok',
      'data': <String, Object?>{
        'textElem': <String, Object?>{'text': 'text-1'},
        'lastMessage': <String, Object?>{'text': 'text-1'},
        'draftText': 'text-2',
        'userID': 'alice',
      },
    });
  });

  test('what people wrote goes everywhere, ids stay', () {
    final TimRedaction redaction = TimRedaction(texts: true);
    Object? cleaned(Map<String, Object?> value, [String method = '']) => redaction.clean(value, method: method);
    expect(
      cleaned(<String, Object?>{
        'groupID': 'team',
        'groupName': 'The team',
        'reason': 'rude',
        'remark': 'my friend',
        'texts': <String>['one', 'two'],
        'imagePath': '/home/alice/cat.png',
        'customInfo': <String, Object?>{'mood': 'sad'},
        'memberList': <String>['bob'],
        'receiver': 'bob',
        'message': <String, Object?>{'msgID': 'm1', 'nickName': 'Bob'},
        'language': 'en',
      }),
      <String, Object?>{
        'groupID': 'team',
        'groupName': 'text-1',
        'reason': 'text-2',
        'remark': 'text-3',
        'texts': <String>['text-4', 'text-5'],
        'imagePath': 'text-6.png',
        'customInfo': <String, Object?>{'mood': 'text-7'},
        'memberList': <String>['bob'],
        'receiver': 'bob',
        'message': <String, Object?>{'msgID': 'm1', 'nickName': 'text-8'},
        'language': 'en',
      },
    );
    expect(cleaned(<String, Object?>{'userID': 'carol', 'showName': 'carol'}), <String, Object?>{
      'userID': 'carol',
      'showName': 'carol',
    });
    expect(cleaned(<String, Object?>{'code': 0, 'desc': 'ok', 'data': '@TGS#1'})! as Map<String, Object?>, containsPair('data', '@TGS#1'));
    expect(cleaned(<String, Object?>{'type': 'onRecvMessageRevoked', 'data': 'm1'}), <String, Object?>{
      'type': 'onRecvMessageRevoked',
      'data': 'm1',
    });
    expect(
      cleaned(<String, Object?>{
        'code': 0,
        'desc': 'ok',
        'data': <String, Object?>{'one': 'eins'},
      }, 'translateText'),
      <String, Object?>{
        'code': 0,
        'desc': 'ok',
        'data': <String, Object?>{'text-4': 'text-9'},
      },
    );
  });

  test('secrets inside JSON strings go too', () {
    final Object? cleaned = TimRedaction().clean(<String, Object?>{'param': '{"sdkUserSig":"x","a":1}'});
    expect(cleaned, <String, Object?>{'param': '{"sdkUserSig":"${TimRedaction.mark}","a":1}'});
  });

  test('a file holds every line at once', () async {
    final String path = '${Directory.systemTemp.createTempSync('timbridge').path}/session.jsonl';
    final TimRecording recording = TimRecording.toFile(path, dialect: 'im-5.0', platform: 'ios');
    recording.event('friendListener', <String, Object?>{'type': 'onFriendListAdded'});
    expect(File(path).readAsLinesSync().length, 2);
  });
}
