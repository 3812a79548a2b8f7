/* The least that a library can do behind the functions that are measured: it posts a text at once, from the call itself. */

#include "dart_api.h"

#include <stdio.h>
#include <string.h>

static dart_post post;
static int64_t port;

static void say(const char *text) {
    dart_message said;
    memset(&said, 0, sizeof said);
    said.type = DART_STRING;
    said.as.text = text;
    post(port, &said);
}

static void answer(const void *user_data) {
    char text[256];
    snprintf(text, sizeof text, "{\"callback\":\"apiCallback\",\"user_data\":\"%s\",\"code\":0,\"desc\":\"\"}", (const char *)user_data);
    say(text);
}

intptr_t DartInitDartApiDL(void *data) {
    post = (dart_post)((const dart_table *)data)->entries[0].function;
    return 0;
}

void DartRegisterSendPort(int64_t send_port) { port = send_port; }
void DartSetConvEventCallback(void *user_data) { (void)user_data; }
const char *DartGetLoginUserID(void) { return "alice"; }
uint64_t DartGetServerTime(void) { return 1700000000; }

int DartInitSDK(uint64_t sdk_app_id, const char *json_sdk_config) {
    (void)sdk_app_id;
    (void)json_sdk_config;
    return 0;
}

int DartLogin(const char *user_id, const char *user_sig, void *user_data) {
    (void)user_id;
    (void)user_sig;
    answer(user_data);
    return 0;
}

int DartPinConversation(const char *conv_id, unsigned int conv_type, bool is_pinned, void *user_data) {
    (void)conv_id;
    (void)conv_type;
    (void)is_pinned;
    answer(user_data);
    say("{\"callback\":\"globalCallback\",\"callbackType\":11}");
    return 0;
}

const char *DartSendMessage(const char *conv_id, unsigned int conv_type, const char *json_msg_param, void *user_data) {
    (void)conv_id;
    (void)conv_type;
    (void)json_msg_param;
    answer(user_data);
    return "1-1-1";
}
