import 'dart:io';

import 'package:flutter/services.dart';
import 'package:flutter_test/flutter_test.dart';
import 'package:timbridge_test/src/folders.dart';

const MethodChannel channel = MethodChannel('plugins.flutter.io/path_provider');

TestDefaultBinaryMessenger get messenger =>
    ServicesBinding.instance.defaultBinaryMessenger as TestDefaultBinaryMessenger;

void main() {
  TestWidgetsFlutterBinding.ensureInitialized();
  tearDown(Folders.uninstall);

  testWidgets('path_provider has folders of this process', (WidgetTester tester) async {
    Folders.install();
    final String? documents = await channel.invokeMethod<String>('getApplicationDocumentsDirectory');
    final String? cache = await channel.invokeMethod<String>('getApplicationCacheDirectory');
    expect(documents, isNot(cache));
    expect(Directory(documents!).existsSync() && Directory(cache!).existsSync(), isTrue);
    expect(await channel.invokeListMethod<String>('getExternalCacheDirectories'), hasLength(1));
    await expectLater(channel.invokeMethod<String>('getNowhere'), throwsA(isA<MissingPluginException>()));
  });

  testWidgets('they are empty in the next test, and still there', (WidgetTester tester) async {
    Folders.install();
    final String documents = (await channel.invokeMethod<String>('getApplicationDocumentsDirectory'))!;
    File('$documents/download').writeAsStringSync('x');
    Folders.uninstall();
    Folders.install();
    expect(await channel.invokeMethod<String>('getApplicationDocumentsDirectory'), documents);
    expect(Directory(documents).listSync(), isEmpty);
  });

  testWidgets('what the test answers itself is left alone', (WidgetTester tester) async {
    messenger.setMockMethodCallHandler(channel, (MethodCall call) async => '/mine');
    addTearDown(() => messenger.setMockMethodCallHandler(channel, null));
    Folders.install();
    expect(await channel.invokeMethod<String>('getTemporaryDirectory'), '/mine');
    Folders.uninstall();
    expect(await channel.invokeMethod<String>('getTemporaryDirectory'), '/mine');
  });
}
