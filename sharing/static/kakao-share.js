/* The share page: hands the prepared message to Kakao's SDK when its reader presses the button. */
(() => {
  'use strict';
  const share = JSON.parse(document.getElementById('kakao-share').textContent);
  const button = document.getElementById('kakao-send');
  const trouble = document.getElementById('kakao-trouble');
  const fail = () => { button.disabled = true; trouble.hidden = false; };
  try {
    if (!window.Kakao.isInitialized()) window.Kakao.init(share.key);
    button.disabled = false;
    button.addEventListener('click', () => {
      try { window.Kakao.Share.sendDefault(share.payload); } catch { fail(); }
    });
  } catch { fail(); }
})();
