import 'dart:io';

import 'package:flutter/services.dart';
import 'package:flutter_test/flutter_test.dart';

/// What path_provider answers: folders that are this process's own, empty at the beginning of each test.
///
/// The plugin saves what it downloads there, and looks there first.
class Folders {
  Folders._();

  static Directory? _root;

  /// Answers path_provider's channel, unless the test does so itself.
  static void install() {
    if (!_messenger.checkMockMessageHandler(_channel.name, null)) return;
    _root ??= Directory.systemTemp.createTempSync('timbridge-');
    _messenger.setMockMethodCallHandler(_channel, _answer);
  }

  /// Gives the channel back, and empties the folders.
  static void uninstall() {
    if (_messenger.checkMockMessageHandler(_channel.name, _answer)) {
      _messenger.setMockMethodCallHandler(_channel, null);
    }
    final Directory? root = _root;
    if (root == null || !root.existsSync()) return;
    for (final FileSystemEntity one in root.listSync()) {
      one.deleteSync(recursive: true);
      Directory(one.path).createSync(); // the plugin asks once, and remembers
    }
  }

  static Future<Object?> _answer(MethodCall call) async {
    final String? name = _names[call.method];
    if (name == null) throw MissingPluginException('timbridge plays no path_provider.${call.method}');
    final String path = (Directory('${_root!.path}/$name')..createSync()).path;
    return call.method.endsWith('ies') ? <String>[path] : path;
  }

  static const MethodChannel _channel = MethodChannel('plugins.flutter.io/path_provider');

  static const Map<String, String> _names = <String, String>{
    'getApplicationDocumentsDirectory': 'documents',
    'getApplicationCacheDirectory': 'cache',
    'getApplicationSupportDirectory': 'support',
    'getTemporaryDirectory': 'temporary',
    'getLibraryDirectory': 'library',
    'getDownloadsDirectory': 'downloads',
    'getStorageDirectory': 'external',
    'getExternalStorageDirectories': 'external',
    'getExternalCacheDirectories': 'external-cache',
  };

  static TestDefaultBinaryMessenger get _messenger =>
      ServicesBinding.instance.defaultBinaryMessenger as TestDefaultBinaryMessenger;
}
