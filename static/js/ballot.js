/* The ballot on a phone or a shared tablet. Everything works without this file; with it
     <form data-ballot="key" data-places="2">   a half-filled ballot survives a reload of this tab (sessionStorage, by round
                                                and person), approvals are counted, a mark can be taken back
     <form data-cast="key" data-keep="yes">     after a lost connection the same ballot with the same receipt is sent again
     <… data-cast-done="key">                   the ballot is in: what was half filled is forgotten
     <… data-kept-receipt="key">                shows the receipt that this device keeps
     <form data-slip>                           takes the code after # of the address (it never reaches a server's log)
     <… data-reload="8">                        asks again by itself whether the vote has begun
     <… data-wipe="60">                         leads back to its link by itself, and nothing stays on the screen
   Marks are kept in this tab only and leave it only in the ballot itself; a receipt says nothing about them. */
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const store = (kind, act) => { try { return act(kind === "tab" ? sessionStorage : localStorage); } catch { return null; } };
  const FIRST_WAIT = 1000, LONGEST_WAIT = 15000;

  /* -- filling it in ------------------------------------------------------------------------------------ */
  const fill = (form) => {
    const key = `ballot:${form.dataset.ballot}`, places = Number(form.dataset.places || 0), count = $("[data-ballot-count]");
    const radios = () => $$("input[type=radio]", form);
    const keep = () => store("tab", (tab) => tab.setItem(key, JSON.stringify(Object.fromEntries(radios().filter((one) => one.checked).map((one) => [one.name, one.value])))));
    const tell = () => {
      const lines = $$("[data-line]", form), marked = lines.filter((line) => $("input:checked", line)).length;
      $$("[data-clear]", form).forEach((button) => { button.hidden = !$("input:checked", button.closest("[data-line]")); });
      if (!count) return;
      const approved = radios().filter((one) => one.checked && one.value === "for").length, over = places > 0 && approved > places;
      count.dataset.over = over ? "yes" : "no";
      count.textContent = places
        ? (over ? `赞成${approved}项，超过应选的${places}项，这样的选票是废票，请减少` : `已选赞成${approved}项，最多${places}项；共${lines.length}项，已填${marked}项`)
        : `共${lines.length}项，已填${marked}项`;
    };
    const kept = JSON.parse(store("tab", (tab) => tab.getItem(key)) || "{}");
    if (!radios().some((one) => one.checked)) radios().forEach((one) => { if (kept[one.name] === one.value) one.checked = true; });
    form.addEventListener("change", () => { keep(); tell(); });
    form.addEventListener("click", (event) => {
      const button = event.target.closest("[data-clear]");
      if (!button) return;
      const line = button.closest("[data-line]");
      $$("input:checked", line).forEach((one) => { one.checked = false; });
      keep(); tell();
      $("input", line)?.focus();
    });
    keep(); tell();
  };

  /* -- casting it: one press; the line may break before, during or after --------------------------------- */
  const cast = (form) => {
    const key = form.dataset.cast, own = form.dataset.keep === "yes", status = $("[data-cast-status]");
    const receipt = form.elements.receipt;
    // The same person, the same device: the same receipt, also when this page was loaded anew.
    const known = own && store("device", (device) => device.getItem(`receipt:${key}`));
    if (known && receipt) receipt.value = known;
    let wait = FIRST_WAIT, timer = 0, running = false, over = false;
    const say = (text) => { if (status) { status.hidden = !text; status.textContent = text; } };
    const send = async () => {
      clearTimeout(timer);
      if (running || over) return;
      running = true;
      try {
        const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin", redirect: "manual", cache: "no-store" });
        if (answer.type === "opaqueredirect") { over = true; say("登录已过期，选票没有送出。请重新登录后回到本页，您填写的还在。"); return; }
        if (answer.status >= 500) throw new Error(String(answer.status));
        const page = new DOMParser().parseFromString(await answer.text(), "text/html"), main = $("main", page);
        if (!main) throw new Error("not our page");
        over = true;
        document.title = page.title;
        $("main").replaceWith(main);
        boot();
        main.focus();
        scrollTo(0, 0);
      } catch {
        say(`网络不通，选票还没有得到确认，正在重新发送。请不要关闭本页，重复发送不会重复计票。`);
        timer = setTimeout(send, wait);
        wait = Math.min(wait * 2, LONGEST_WAIT);
      } finally { running = false; }
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (over || form.dataset.sent) return;
      form.dataset.sent = "1";
      if (own && receipt) store("device", (device) => device.setItem(`receipt:${key}`, receipt.value));
      $$("button", form).forEach((button) => button.setAttribute("aria-disabled", "true"));
      $$("[data-before-cast]").forEach((node) => { node.hidden = true; });
      say("正在投出…");
      send();
    });
    window.addEventListener("online", () => { if (form.dataset.sent) send(); });
  };

  /* -- afterwards ------------------------------------------------------------------------------------------ */
  const forget = (node) => store("tab", (tab) => Object.keys(tab).filter((name) => name.startsWith("ballot:")).forEach((name) => { if (!node.dataset.castDone || name === `ballot:${node.dataset.castDone}`) tab.removeItem(name); }));
  const keepReceipt = (node) => {
    const name = `receipt:${node.dataset.keepReceipt}`;
    store("device", (device) => device.setItem(name, node.textContent.trim()));
  };
  const showReceipt = (node) => {
    const kept = store("device", (device) => device.getItem(`receipt:${node.dataset.keptReceipt}`));
    if (!kept) return;
    $("[data-kept-value]", node).textContent = kept;
    node.hidden = false;
  };
  const copy = (button) => button.addEventListener("click", async () => {
    const code = $("[data-receipt]")?.textContent.trim() ?? "";
    try { await navigator.clipboard.writeText(code); button.textContent = "已复制"; } catch { getSelection().selectAllChildren($("[data-receipt]")); button.textContent = "已选中，请长按复制"; }
  });

  /* -- a slip of paper on a shared tablet -------------------------------------------------------------------- */
  const slip = (form) => {
    const take = () => {
      const code = decodeURIComponent(location.hash.slice(1)).trim();
      if (!code) return;
      form.elements.code.value = code;
      history.replaceState(null, "", location.pathname);
    };
    take();
    window.addEventListener("hashchange", take);
  };
  const wipe = (node) => {
    let left = Number(node.dataset.wipe);
    const link = $("a", node), shown = $("[data-wipe-left]", node);
    const leave = () => location.replace(link.href);
    link.addEventListener("click", (event) => { event.preventDefault(); leave(); });
    const tick = () => {
      if (!node.isConnected) return;
      if (shown) { shown.hidden = false; shown.textContent = `${left}秒后自动清空屏幕`; }
      if (left-- <= 0) leave(); else setTimeout(tick, 1000);
    };
    tick();
  };

  const reload = (node) => setTimeout(function again() {
    if (document.hidden) setTimeout(again, 2000); else location.reload();
  }, Number(node.dataset.reload) * 1000);

  const once = (selector, act) => $$(selector).forEach((node) => { if (!node.dataset.ready) { node.dataset.ready = "1"; act(node); } });
  const boot = () => {
    once("form[data-ballot]", fill);
    once("form[data-cast]", cast);
    once("[data-cast-done]", forget);
    once("[data-keep-receipt]", keepReceipt);
    once("[data-kept-receipt]", showReceipt);
    once("[data-copy-receipt]", copy);
    once("form[data-slip]", slip);
    once("[data-wipe]", wipe);
    once("[data-reload]", reload);
    $$("[data-copy-receipt]").forEach((button) => { button.hidden = false; });
  };
  // A page that the browser kept in memory must not show a ballot that was cast meanwhile.
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", boot); else boot();
})();
