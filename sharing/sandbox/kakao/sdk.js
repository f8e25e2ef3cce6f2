/* SANDBOX: stands in for the Kakao JavaScript SDK, as far as Kakao.Share.sendDefault goes. */
(function (root) {
  'use strict';
  // document.currentScript is known only while the script itself runs.
  var source = root.document && root.document.currentScript ? root.document.currentScript.src : '';
  var origin = source ? new URL(source).origin : '';
  var key = null;

  function KakaoError(words) {
    var error = new Error(words);
    error.name = 'KakaoError';
    return error;
  }

  function snake(value) {
    if (Array.isArray(value)) return value.map(snake);
    if (value === null || typeof value !== 'object') return value;
    var found = {};
    Object.keys(value).forEach(function (name) {
      found[name.replace(/[A-Z]/g, function (letter) { return '_' + letter.toLowerCase(); })] = snake(value[name]);
    });
    return found;
  }

  function fields(payload) {
    if (!key) throw KakaoError('Kakao.init must be called first.');
    if (payload === null || typeof payload !== 'object' || !payload.objectType) {
      throw KakaoError('Missing required keys: objectType');
    }
    var template = {};
    Object.keys(payload).forEach(function (name) {
      if (name !== 'serverCallbackArgs' && name !== 'installTalk') template[name] = payload[name];
    });
    var args = payload.serverCallbackArgs;
    var found = {
      app_key: key,
      ka: 'sdk/2.8.3 os/javascript sdk_type/javascript lang/' + (root.navigator ? root.navigator.language : 'ko') +
        ' device/sandbox origin/' + encodeURIComponent(root.location ? root.location.origin : ''),
      validation_action: 'default',
      validation_params: JSON.stringify({ link_ver: '4.0', template_object: snake(template) })
    };
    if (args !== undefined && args !== null) found.lcba = typeof args === 'string' ? args : JSON.stringify(args);
    return found;
  }

  function send(payload) {
    var values = fields(payload);
    var form = root.document.createElement('form');
    form.method = 'POST';
    form.action = origin + '/picker/link';
    form.acceptCharset = 'utf-8';
    form.hidden = true;
    Object.keys(values).forEach(function (name) {
      var input = root.document.createElement('input');
      input.type = 'hidden';
      input.name = name;
      input.value = values[name];
      form.appendChild(input);
    });
    // A blocked pop-up must not lose the share: then the picker takes this window.
    var picker = root.open('', 'kakao_picker', 'width=480,height=720');
    form.target = picker ? 'kakao_picker' : '_self';
    root.document.body.appendChild(form);
    form.submit();
    form.remove();
  }

  root.Kakao = {
    VERSION: '2.8.3',
    init: function (javascriptKey) {
      if (typeof javascriptKey !== 'string' || !javascriptKey) throw KakaoError('An app key is needed.');
      key = javascriptKey;
    },
    isInitialized: function () { return key !== null; },
    cleanup: function () { key = null; },
    Share: { sendDefault: send, sandboxFields: fields }
  };
})(typeof window === 'undefined' ? globalThis : window);
