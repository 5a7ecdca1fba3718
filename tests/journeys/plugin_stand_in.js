// In place of cadesplugin_api.js: the same object model (asynchronous properties, propset_…), certificates and signatures come from the test.
// The signatures are real ones; what is not shown here is the plug-in itself, its tokens and its windows.
'use strict';
window.cadesplugin = (async () => {
  const state = await window.pluginState();
  // The real one loads a part of itself from its extension: only a page whose policy lets it may try.
  const script = document.createElement('script');
  script.src = 'chrome-extension://iifchhfnnmpdbibifmljnfjhpififfog/nmcades_plugin_api.js';
  document.head.append(script);
  if (state === 'silent') await new Promise(() => {});
  if (state === 'missing') throw new Error('Плагин недоступен');
})();
window.cadesplugin.catch(() => {});
window.cadesplugin.getLastError = (error) => error.message;
{
  const ask = async (question) => {
    if (!(await window.pluginAsks(question))) throw new Error('Операция была отменена пользователем. (0x8010006E)');
  };
  const certificate = (facts) => ({
    facts,
    get SubjectName() { return Promise.resolve(facts.subject); },
    get ValidFromDate() { return Promise.resolve(facts.begin); },
    get ValidToDate() { return Promise.resolve(facts.end); },
    PublicKey: async () => ({ get Algorithm() { return Promise.resolve({ get Value() { return Promise.resolve(facts.oid); } }); } }),
  });
  const objects = {
    Store: () => {
      let all = [];
      return {
        Open: async () => { await ask('store'); all = (await window.pluginCertificates()).map(certificate); },
        get Certificates() {
          return Promise.resolve({ get Count() { return Promise.resolve(all.length); }, Item: async (place) => all[place - 1] });
        },
        Close: async () => {},
      };
    },
    CPSigner: () => {
      const own = {};
      return {
        own,
        propset_Certificate: async (value) => { own.certificate = value; },
        propset_CheckCertificate: async (value) => { own.check = value; },
        propset_Options: async (value) => { own.options = value; },
      };
    },
    HashedData: () => {
      const own = {};
      return { own, propset_Algorithm: async (value) => { own.algorithm = value; }, SetHashValue: async (value) => { own.hash = value; } };
    },
    CadesSignedData: () => ({
      SignHash: async (hash, signer, kind) => {
        await ask('sign');
        return window.pluginSigns(signer.own.certificate.facts.who, hash.own.algorithm, hash.own.hash, kind);
      },
    }),
  };
  window.cadesplugin.CreateObjectAsync = async (name) => objects[name.replace('CAdESCOM.', '')]();
}
