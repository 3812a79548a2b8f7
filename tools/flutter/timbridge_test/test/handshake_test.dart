import 'dart:async';
import 'dart:convert';
import 'dart:io';

import 'package:flutter_test/flutter_test.dart';
import 'package:timbridge_test/src/environment.dart';
import 'package:timbridge_test/timbridge_test.dart';

import 'support.dart';

/// Who may listen where a bridge should, and what is said then. Needs a bridge, as bridge_test.dart does, and Python.
void main() {
  /// What is said on meeting somebody who answers each line by [answer], a Python expression; in a process of its own,
  /// since a meeting blocks this one.
  Future<String> meeting(String answer, {String? token}) async {
    final Process process = await Process.start('python3', <String>['-c', '''
import socket
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    peer, _ = listener.accept()
    for line in peer.makefile("rb"):
        peer.sendall($answer)
''']);
    addTearDown(process.kill);
    final String port = await process.stdout.transform(utf8.decoder).transform(const LineSplitter()).first;
    try {
      await TimBridge.connect('127.0.0.1:$port', token: token).dispose();
    } on TimBridgeException catch (error) {
      return error.message;
    }
    return '';
  }

  String reply(Object? result) => 'b\'{"id":1,"result":${jsonEncode(result)}}\\n\'';

  test('a web server is one', () async {
    expect(await meeting(r'b"HTTP/1.1 400 Bad Request\r\n\r\n"'), contains('a web server that is no bridge listens on'));
    expect(await meeting(r'b"<!DOCTYPE HTML>\n"'), contains('a web server'));
    expect(await meeting(r'b"220 mail.example\n"'), allOf(contains('something that is no bridge'), contains('220 mail')));
  });

  test('a bridge that is too old is told so', () async {
    final String said = await meeting(reply(<String, Object?>{'version': '0.0.9'}));
    expect(said, allOf(contains('older than this package (version 0.0.9)'), contains('update it')));
  });

  test('who says nothing is given a few seconds', () async {
    final Stopwatch watch = Stopwatch()..start();
    expect(await meeting('b""'), contains('has said nothing for 5 s'));
    expect(watch.elapsed, lessThan(const Duration(seconds: 12)));
  });

  test('where nobody is it is said what to start', () async {
    final ServerSocket socket = await ServerSocket.bind('127.0.0.1', 0);
    final int port = socket.port;
    await socket.close();
    expect(
      () => TimBridge.connect('127.0.0.1:$port'),
      throwsA(isA<TimBridgeException>().having((TimBridgeException e) => e.message, 'message', contains('no bridge listens'))),
    );
  });

  test('a bridge with a token wants it', () async {
    final TimServer server = await TimServer.start(arguments: <String>['--token', 'open sesame']);
    addTearDown(server.stop);
    Matcher says(String words) =>
        throwsA(isA<TimBridgeException>().having((TimBridgeException e) => e.message, 'message', contains(words)));
    expect(() => TimBridge.connect(server.address), says('asks for its token'));
    expect(() => TimBridge.connect(server.address, token: 'wrong'), says('does not take this token'));
    await TimBridge.connect(server.address, token: 'open sesame').dispose();
  });

  test('a command may have blanks', () async {
    final Directory folder = Directory.systemTemp.createTempSync('time bridge ');
    final File program = File('${folder.path}/run it')..writeAsStringSync('');
    expect(Environment.words(program.path), <String>[program.path]);
    expect(Environment.words('"${program.path}" --x  \'a b\' c'), <String>[program.path, '--x', 'a b', 'c']);
    expect(Environment.words(' python3 -m bridge '), <String>['python3', '-m', 'bridge']);
    folder.deleteSync(recursive: true);
  });

  test('what cannot be run says what was tried', () async {
    await expectLater(
      TimServer.start(command: <String>['no-such-timbridge']),
      throwsA(isA<TimBridgeException>().having((TimBridgeException e) => e.message, 'message',
          allOf(contains('no-such-timbridge'), contains('timbridge exec -- flutter test')))),
    );
    await expectLater(
      TimServer.start(command: <String>['python3', '-c', 'raise SystemExit("no module")']),
      throwsA(isA<TimBridgeException>().having((TimBridgeException e) => e.message, 'message', contains('saying: no module'))),
    );
  });

  test('one server of an isolate serves all tests', () async {
    final TimServer first = await TimServer.shared(null, <String>[]);
    expect(await TimServer.shared(null, <String>[]), same(first));
    expect(TimServer.isRunning(null, <String>[]), isTrue);
    expect(TimServer.isRunning(null, <String>['--strict']), isFalse);
    await TimBridge.connect(first.address).dispose();
    await first.stop();
  });

  testWidgets('a dialect that is not the plugin\'s is told', (WidgetTester tester) async {
    final TimBridge wrong = TimBridge.connect(null, dialect: 'im-5.0');
    final Client client = Client();
    await client.call('initSDK', <String, Object?>{'sdkAppID': 1, 'logLevel': 0, 'listenerUuid': 'l', 'uiPlatform': 0});
    expect('${wrong.takeProblems().first}', contains('the app calls by the channel tencent_cloud_chat_sdk'));
    await wrong.dispose();

    final TimBridge near = TimBridge.connect(null, dialect: 'im-6.1');
    final Client older = Client('tencent_im_sdk_plugin');
    await older.call('initSDK', <String, Object?>{
      'sdkAppID': 1,
      'logLevel': 3,
      'listenerUuid': 'u',
      'uiPlatform': 0,
      'showImLog': false,
    });
    expect('${near.takeProblems().first}', allOf(contains('im-5.0'), contains('leave `dialect` out')));
  });

  testWidgets('a dialect follows the plugin', (WidgetTester tester) async {
    final TimBridge chat = TimBridge.connect(null);
    final Client older = Client('tencent_im_sdk_plugin');
    await older.call('initSDK', <String, Object?>{
      'sdkAppID': 1,
      'logLevel': 3,
      'listenerUuid': 'u',
      'uiPlatform': 0,
      'showImLog': false,
    });
    expect(chat.coverage()['dialect'], 'im-5.0');
  });
}
