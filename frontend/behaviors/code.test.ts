import { expect, test } from "vitest";
import { attachAll } from "../behavior";
import "./code";

test("a block of code says its language and offers to be copied, once", () => {
  document.body.innerHTML = '<div class="prose"><pre><code class="language-python">print(1)</code></pre></div>';
  attachAll(document.body);
  attachAll(document.body);
  expect(document.querySelectorAll(".code")).toHaveLength(1);
  expect(document.querySelector(".code__language")!.textContent).toBe("python");
  expect(document.querySelectorAll("button.code__copy")).toHaveLength(1);
  expect(document.querySelector("pre")!.textContent).toBe("print(1)");
});
