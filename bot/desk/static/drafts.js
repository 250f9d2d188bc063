// What staff have written and not sent yet survives a reload, and a log-in that ran out.

/** Drafts of forms with `data-draft="<case>"`, kept in that storage until they are sent. */
export function draftsOf(storage) {
  const name = (form) => `draft-${form.dataset.draft}`;
  return {
    keep: (form) => form.dataset.draft && storage.setItem(name(form), form.elements.text.value),
    drop: (form) => form.dataset.draft && storage.removeItem(name(form)),
    restore(part) {
      for (const form of part.querySelectorAll("form[data-draft]")) {
        form.elements.text.value ||= storage.getItem(name(form)) ?? "";
      }
    },
  };
}
