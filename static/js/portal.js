/* Small behaviours on top of pages that work without any script. No framework, no inline code. */
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const isTyping = (node) => node instanceof HTMLElement && (node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName));

  /* -- menus: <details data-dropdown> closes on Escape, on a click elsewhere, when another opens ---- */
  const closeMenus = (except) => $$("details[data-dropdown][open]").forEach((menu) => { if (menu !== except) menu.open = false; });
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-dropdown]")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = $("details[data-dropdown][open]");
    if (open) { open.open = false; $("summary", open).focus(); }
  });

  /* -- error summary: take the focus, and lead to the field ------------------------------------------ */
  const focusSummary = (root = document) => { const summary = $("[data-error-summary]", root); if (summary) summary.focus(); };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-error-summary] a[href^='#']");
    const field = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!field) return;
    event.preventDefault();
    field.closest(".field")?.scrollIntoView({ block: "start" });
    field.focus({ preventScroll: true });
  });

  /* -- one press, one request: a second press of the same form does nothing for a while ---------------- */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    const button = event.submitter;
    // The button's own name and value must still be sent, so it is only greyed, not disabled.
    if (button) button.setAttribute("aria-disabled", "true");
    setTimeout(() => { delete form.dataset.sent; button?.removeAttribute("aria-disabled"); }, 8000);
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    $$("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
    $$("[aria-disabled='true']").forEach((node) => node.removeAttribute("aria-disabled"));
  });

  /* -- lists: j/k and arrows move, Enter opens, x picks, / goes to the search ---------------------------- */
  const rows = () => $$("[data-list] [data-row]");
  const listKey = () => `list:${location.pathname}${location.search}`;
  const pickRow = (row) => {
    $$("[data-row].is-current").forEach((other) => other.classList.remove("is-current"));
    row.classList.add("is-current");
    const link = $("a[data-open]", row) || $("a", row);
    if (link) { link.focus({ preventScroll: true }); row.scrollIntoView({ block: "nearest" }); }
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === "/") {
      const box = $(".filterbar input[type=search], .filterbar input[type=text]") || $("#q");
      if (box && box.offsetParent !== null) { event.preventDefault(); box.focus(); box.select?.(); }
      return;
    }
    const all = rows();
    if (!all.length || !["j", "k", "x", "Enter"].includes(event.key)) return;
    const at = all.findIndex((row) => row.classList.contains("is-current"));
    if (event.key === "j" || event.key === "k") {
      event.preventDefault();
      pickRow(all[Math.max(0, Math.min(all.length - 1, at + (event.key === "j" ? 1 : at < 0 ? 1 : -1)))]);
    } else if (at >= 0 && event.key === "x") {
      $("input[type=checkbox]", all[at])?.click();
    } else if (at >= 0 && event.target === document.body) {
      ($("a[data-open]", all[at]) || $("a", all[at]))?.click();
    }
  });

  /* the place in the list survives going in and coming back */
  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-list] [data-row]");
    if (row && event.target.closest("a")) sessionStorage.setItem(listKey(), JSON.stringify({ row: row.dataset.row, y: scrollY }));
  });
  const restorePlace = () => {
    if (!$("[data-list]")) return;
    sessionStorage.setItem(`back:${location.pathname}`, location.pathname + location.search);
    const kept = JSON.parse(sessionStorage.getItem(listKey()) || "null");
    const row = kept && $(`[data-list] [data-row="${CSS.escape(kept.row)}"]`);
    if (!row) return;
    sessionStorage.removeItem(listKey());
    row.classList.add("is-current");
    scrollTo(0, kept.y);
  };
  const restoreBackLinks = () => $$("a[data-list-back]").forEach((link) => {
    const kept = sessionStorage.getItem(`back:${new URL(link.href).pathname}`);
    if (kept) link.href = kept;
  });

  /* bulk: choose all, count, colour the chosen rows */
  const countPicked = () => {
    const picked = $$("[data-list] [data-row] input[type=checkbox]:checked");
    $$("[data-list] [data-row]").forEach((row) => row.classList.toggle("is-selected", !!$("input[type=checkbox]:checked", row)));
    $$("[data-picked-count]").forEach((node) => { node.textContent = picked.length ? `已选 ${picked.length} 件` : "未选择"; });
    $$("[data-needs-picked]").forEach((button) => { button.disabled = !picked.length; });
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-pick-all]")) $$("[data-list] [data-row] input[type=checkbox]").forEach((box) => { box.checked = event.target.checked; });
    if (event.target.closest("[data-list]")) countPicked();
  });

  /* -- files: names and sizes of what was chosen, and what is too large before it travels ------------------ */
  const readable = (bytes) => bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  const showFiles = (input) => {
    const list = $("[data-filelist]", input.closest("[data-filepick]") || document.createElement("div"));
    if (!list) return;
    list.replaceChildren();
    const most = Number(input.dataset.maxBytes || 0);
    const files = [...input.files];
    const problems = [];
    for (const file of files) {
      const box = document.createElement("div");
      box.className = "file";
      if (file.type.startsWith("image/")) {
        const image = document.createElement("img");
        image.className = "file-thumb"; image.alt = ""; image.src = URL.createObjectURL(file);
        image.onload = () => URL.revokeObjectURL(image.src);
        box.append(image);
      }
      const main = document.createElement("div");
      main.className = "file-main"; main.textContent = file.name;
      const meta = document.createElement("span");
      meta.className = "file-meta"; meta.textContent = readable(file.size);
      main.append(meta);
      const problem = most && file.size > most ? `超过上限 ${readable(most)}，请压缩或换一个文件。` : file.size === 0 ? "这个文件是空的，请重新选择。" : "";
      if (problem) {
        box.classList.add("file-bad");
        const text = document.createElement("strong");
        text.className = "text-danger"; text.textContent = problem;
        main.append(text); problems.push(`${file.name}：${problem}`);
      }
      box.append(main); list.append(box);
    }
    const limit = Number(input.dataset.maxFiles || 0);
    if (limit && files.length > limit) problems.push(`一次最多上传 ${limit} 个文件，您选了 ${files.length} 个。`);
    input.setCustomValidity(problems.join(" "));
    if (limit && files.length > limit) {
      const text = document.createElement("p");
      text.className = "field-message"; text.textContent = problems.at(-1); list.append(text);
    }
  };
  document.addEventListener("change", (event) => { if (event.target.matches("input[type=file]")) showFiles(event.target); });
  document.addEventListener("submit", (event) => {
    const bad = $$("input[type=file]", event.target).find((input) => input.validity.customError);
    if (bad) { event.preventDefault(); event.stopImmediatePropagation(); bad.focus(); }
  }, true);

  /* -- small things in forms ---------------------------------------------------------------------------- */
  const countLeft = (area) => {
    let node = area.nextElementSibling;
    if (!node || !node.matches(".count-left")) {
      node = document.createElement("span");
      node.className = "count-left"; area.after(node);
    }
    node.textContent = `${area.value.length} / ${area.maxLength} 字`;
  };
  const passwordToggles = () => $$("input[type=password]").forEach((input) => {
    if (input.parentElement.matches(".password-row")) return;
    const row = document.createElement("div");
    const button = document.createElement("button");
    row.className = "password-row"; input.replaceWith(row); row.append(input, button);
    button.type = "button"; button.className = "password-toggle"; button.textContent = "显示";
    button.setAttribute("aria-label", "显示密码");
    button.addEventListener("click", () => {
      const shown = input.type === "text";
      input.type = shown ? "password" : "text";
      button.textContent = shown ? "显示" : "隐藏";
      button.setAttribute("aria-label", shown ? "显示密码" : "隐藏密码");
    });
  });
  document.addEventListener("input", (event) => { if (event.target.matches("textarea[maxlength]")) countLeft(event.target); });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) print(); });
  // On paper nothing is folded.
  let unfolded = [];
  window.addEventListener("beforeprint", () => { unfolded = $$("main details:not([open])"); unfolded.forEach((part) => { part.open = true; }); });
  window.addEventListener("afterprint", () => { unfolded.forEach((part) => { part.open = false; }); });

  /* -- start, and again in what HTMX brings ------------------------------------------------------------------ */
  const start = (root) => {
    focusSummary(root);
    $$("textarea[maxlength]", root).forEach(countLeft);
    $$(".no-js", root).forEach((node) => { node.hidden = true; });
    countPicked();
  };
  const boot = () => {
    $(".views [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
    passwordToggles(); restoreBackLinks(); restorePlace(); start(document);
    $$("[data-print]").forEach((button) => { button.hidden = false; });
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", boot); else boot();
  document.addEventListener("htmx:afterSwap", (event) => start(event.detail.target));
  // A refused or broken request still tells: 4xx fragments are shown, a lost line is said.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if ([400, 403, 404, 409, 413, 422].includes(event.detail.xhr.status)) event.detail.shouldSwap = true;
  });
  document.addEventListener("htmx:sendError", () => {
    const box = document.getElementById("messages");
    if (!box || $("[data-line-lost]", box)) return;
    const note = document.createElement("div");
    note.className = "note note-warning"; note.dataset.lineLost = "1";
    note.textContent = "网络中断，刚才的内容没有送达。您填写的内容还在本页，网络恢复后请再试一次。";
    box.append(note);
  });
})();
