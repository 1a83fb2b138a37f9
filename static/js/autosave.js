/* Autosave of <form data-autosave-url="…" data-autosave-key="…">: nothing that was typed is ever lost.

   A moment after the last keystroke the fields (no files, no secrets) are posted to data-autosave-url with the
   form's csrfmiddlewaretoken and version. The server answers JSON:
     200 {"version": 7, "saved_at": "14:32"}           kept; the hidden field "version" moves on; "fields": {name: value}
                                                       may set further hidden fields; "url" is the draft's own page,
                                                       which a reload shall show
     409 {"message": "…", "url": "…"}                  somebody else changed the record; saving stops and says so
     400/422 {"message": "…"}                          not kept; said, the local copy stays
   While the line is down a copy lies in localStorage under data-autosave-key. A reload puts it back into the form when
   the record is still at the version it was typed on; else both exist and the person chooses. */
(() => {
  "use strict";
  const WAIT = 1500;
  const LATER = 15000;
  const PATIENCE = 8000;

  const attach = (form) => {
    const url = form.dataset.autosaveUrl;
    const key = `draft:${form.dataset.autosaveKey || url}`;
    const status = form.querySelector("[data-autosave-status]") || document.querySelector("[data-autosave-status]");
    const conflict = form.querySelector("[data-autosave-conflict]");
    let timer = 0, running = false, again = false, stopped = false, leaving = false, lastSent = "", pressed = null;

    const fields = () => [...form.elements].filter((node) =>
      node.name && !["file", "password", "submit", "button"].includes(node.type) && !["csrfmiddlewaretoken", "version"].includes(node.name));
    const read = () => {
      const values = {};
      for (const node of fields()) {
        if ((node.type === "checkbox" || node.type === "radio") && !node.checked) { values[node.name] ??= []; continue; }
        const chosen = node.type === "select-multiple" ? [...node.selectedOptions].map((option) => option.value) : [node.value];
        values[node.name] = [...(values[node.name] ?? []), ...chosen];
      }
      return values;
    };
    const write = (values) => {
      const used = {};
      for (const node of fields()) {
        const kept = values[node.name];
        if (!kept) continue;
        if (node.type === "checkbox" || node.type === "radio") node.checked = kept.includes(node.value);
        else if (node.type === "select-multiple") [...node.options].forEach((option) => { option.selected = kept.includes(option.value); });
        else { used[node.name] = (used[node.name] ?? -1) + 1; node.value = kept[used[node.name]] ?? ""; }
        node.dispatchEvent(new Event("input", { bubbles: true }));
      }
    };
    /* Whether a copy says nothing else than the form: the server trims ends, and a saved draft no longer asks everything. */
    const says = (shown, kept) => Object.entries(shown).every(([name, list]) =>
      list.length === (kept[name] ?? []).length && list.every((value, at) => value.trim() === kept[name][at].trim()));
    const say = (state, text) => { if (status) { status.dataset.state = state; status.textContent = text; } };
    const version = () => form.elements.version?.value ?? "";
    const keepLocally = (values) => { try { localStorage.setItem(key, JSON.stringify({ values, version: version(), at: Date.now() })); } catch { /* storage is full or forbidden */ } };
    const forget = () => { try { localStorage.removeItem(key); } catch { /* as above */ } };

    const save = async () => {
      clearTimeout(timer);
      if (stopped) return;
      if (running) { again = true; return; }
      const values = read();
      const now = JSON.stringify(values);
      if (now === lastSent) return;
      keepLocally(values);
      running = true;
      say("saving", "正在保存…");
      const body = new FormData();
      for (const [name, list] of Object.entries(values)) list.forEach((value) => body.append(name, value));
      for (const name of ["csrfmiddlewaretoken", "version"]) if (form.elements[name]) body.append(name, form.elements[name].value);
      try {
        const answer = await fetch(url, { method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json" }, redirect: "manual" });
        if (answer.type === "opaqueredirect") {
          say("failed", "登录已过期，内容已存在本机。请在新窗口重新登录，再回到本页接着写。");
          timer = setTimeout(save, LATER);
          return;
        }
        const said = await answer.json().catch(() => ({}));
        if (answer.ok) {
          const typedOn = JSON.stringify(read()) !== now;
          if (said.version !== undefined && form.elements.version) form.elements.version.value = said.version;
          for (const [name, value] of Object.entries(said.fields ?? {})) if (form.elements[name]) form.elements[name].value = value;
          if (said.url && said.url !== location.pathname) history.replaceState(history.state, "", said.url);
          lastSent = typedOn ? now : JSON.stringify(read());
          if (typedOn) { keepLocally(read()); again = true; } else forget();
          say("saved", `已保存 ${said.saved_at || new Date().toTimeString().slice(0, 5)}`);
        } else if (answer.status === 409) {
          stopped = true;
          say("conflict", said.message || "这份草稿已在别处修改，本页的内容没有覆盖它。");
          if (conflict) {
            conflict.classList.add("is-shown");
            const link = conflict.querySelector("a");
            if (link && said.url) link.href = said.url;
          }
        } else if (answer.status < 500) {
          lastSent = now;
          say("failed", said.message || "未能自动保存，内容已留在本机。请刷新页面，重新登录后会自动恢复。");
        } else throw new Error(String(answer.status));
      } catch {
        say("offline", "网络不通，内容已存在本机，恢复后自动保存");
        timer = setTimeout(save, LATER);
      } finally {
        running = false;
        if (pressed) goOn();
        else if (again) { again = false; timer = setTimeout(save, WAIT); }
      }
    };

    const restore = () => {
      let kept = null;
      try { kept = JSON.parse(localStorage.getItem(key) || "null"); } catch { /* unreadable copy */ }
      lastSent = JSON.stringify(read());
      if (!kept || says(read(), kept.values)) { forget(); return; }
      const at = new Date(kept.at);
      const when = `${at.getMonth() + 1}月${at.getDate()}日 ${at.toTimeString().slice(0, 5)}`;
      const fresh = !Number(version()) && form.elements.version;
      const putBack = () => {
        write(kept.values);
        if (fresh) form.elements.version.value = kept.version;
        say("offline", `已恢复本机 ${when} 未送达的内容`);
        timer = setTimeout(save, WAIT);
      };
      if (fresh || kept.version === version()) putBack(); else offer(when, putBack);
    };

    /* The record moved on elsewhere: nothing is overwritten until the person says so. */
    const offer = (when, putBack) => {
      const note = document.createElement("div");
      note.className = "note note-warning";
      note.setAttribute("role", "status");
      const text = document.createElement("div");
      text.textContent = `本机还留有 ${when} 没有送达的内容，本页显示的是后来在别处改过的版本。`;
      const row = document.createElement("div");
      row.className = "btn-row mt-2";
      const choices = [["换成本机的内容", putBack], ["保留本页，丢弃本机的", forget]];
      for (const [label, act] of choices) {
        const button = document.createElement("button");
        button.type = "button"; button.className = "btn btn-sm"; button.textContent = label;
        button.addEventListener("click", () => { note.remove(); act(); });
        row.append(button);
      }
      text.append(row); note.append(text); form.prepend(note);
    };

    form.addEventListener("input", (event) => { if (!event.isTrusted) return; leaving = false; clearTimeout(timer); timer = setTimeout(save, WAIT); });
    form.addEventListener("change", (event) => { if (!event.isTrusted || event.target.type === "file") return; clearTimeout(timer); timer = setTimeout(save, WAIT / 3); });
    // The real submit carries everything; the local copy stays until the server's next page says otherwise. One pressed
    // while a save is on its way waits for its answer: with the version before it, the form would contradict itself.
    const goOn = () => { const { button } = pressed; pressed = null; again = false; running = false; form.requestSubmit(button); };
    form.addEventListener("submit", (event) => {
      clearTimeout(timer);
      keepLocally(read());
      // Sent: leaving the page must not save once more behind the form. (A later listener may still stop the press.)
      if (!running) { setTimeout(() => { leaving = !event.defaultPrevented; }); return; }
      event.preventDefault();
      if (pressed) return;
      const wait = { button: event.submitter };
      pressed = wait;
      setTimeout(() => { if (pressed === wait) goOn(); }, PATIENCE);
    });
    window.addEventListener("online", () => { if (!running) save(); });
    window.addEventListener("pageshow", () => { leaving = false; });
    document.addEventListener("visibilitychange", () => { if (document.hidden && !stopped && !leaving && JSON.stringify(read()) !== lastSent) { keepLocally(read()); save(); } });
    restore();
  };

  /* A page names a copy that is no longer needed. One of the very draft now open in a form (a new one that got its own
     page meanwhile) is not thrown away, it goes to that form. */
  const settle = (key) => {
    const copy = localStorage.getItem(key);
    localStorage.removeItem(key);
    const token = copy && JSON.parse(copy).values.client_token?.[0];
    const form = token && [...document.querySelectorAll("form[data-autosave-url]")].find((one) => one.elements.client_token?.value === token);
    const own = form && `draft:${form.dataset.autosaveKey}`;
    if (own && !localStorage.getItem(own)) localStorage.setItem(own, copy);
  };

  const boot = () => {
    document.querySelectorAll("[data-autosave-done]").forEach((node) => { try { settle(`draft:${node.dataset.autosaveDone}`); } catch { /* forbidden */ } });
    document.querySelectorAll("form[data-autosave-url]").forEach(attach);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", boot); else boot();
})();
