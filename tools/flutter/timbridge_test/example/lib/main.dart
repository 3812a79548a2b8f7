import 'dart:async';

import 'package:flutter/material.dart';

import 'chat.dart';

void main() => runApp(const ChatApp(userID: 'alice', peerID: 'bob', userSig: 'any'));

/// A chat with one person.
class ChatApp extends StatefulWidget {
  const ChatApp({Key? key, required this.userID, required this.peerID, required this.userSig}) : super(key: key);

  final String userID;
  final String peerID;
  final String userSig;

  @override
  State<ChatApp> createState() => _ChatAppState();
}

class _ChatAppState extends State<ChatApp> {
  late final Chat _chat = Chat(widget.userID, widget.peerID);
  final TextEditingController _input = TextEditingController();

  @override
  void initState() {
    super.initState();
    unawaited(_chat.start(widget.userSig));
  }

  @override
  void dispose() {
    _input.dispose();
    super.dispose();
  }

  void _send() {
    unawaited(_chat.send(_input.text));
    _input.clear();
  }

  @override
  Widget build(BuildContext context) {
    return MaterialApp(
      home: AnimatedBuilder(
        animation: _chat,
        builder: (context, _) => Scaffold(
          appBar: AppBar(title: Text('${widget.peerID}: ${_chat.status}')),
          body: Column(
            children: <Widget>[
              Expanded(
                child: ListView(
                  children: <Widget>[
                    for (final line in _chat.lines)
                      ListTile(
                        title: Text(line.text, textAlign: line.isMine ? TextAlign.end : TextAlign.start),
                        subtitle: line.failed == null ? null : Text('not sent (${line.failed})'),
                      ),
                  ],
                ),
              ),
              TextField(key: const Key('input'), controller: _input),
              TextButton(onPressed: _send, child: const Text('Send')),
            ],
          ),
        ),
      ),
    );
  }
}
