namespace Browser.Tests.Support;

/// <summary>The contrast of texts to what is behind them (WCAG 2.2, success criterion 1.4.3).</summary>
internal static class Contrast
{
    /// <summary>
    /// Computes the ratio of every visible text. Backgrounds are painted one upon another on a canvas, from the page to the element, so that
    /// the browser itself mixes colours of any notation.
    /// </summary>
    public const string Script = """
        () => {
          const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
          const paint = colours => {
            canvas.fillStyle = "#fff";
            canvas.fillRect(0, 0, 1, 1);
            for (const colour of colours) {
              canvas.fillStyle = colour;
              canvas.fillRect(0, 0, 1, 1);
            }
            return canvas.getImageData(0, 0, 1, 1).data;
          };
          const luminance = pixel => [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
            const value = pixel[i] / 255;
            return sum + weight * (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
          }, 0);
          const hasText = element => [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim())
            || (element.matches("input, textarea") && element.value);
          return [...document.body.querySelectorAll("*")].filter(element => hasText(element) && !element.matches("script, option")
              && element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && element.getClientRects().length > 0)
            .map(element => {
              const behind = [];
              for (let at = element; at; at = at.parentElement) {
                behind.unshift(getComputedStyle(at).backgroundColor);
              }
              const style = getComputedStyle(element);
              const ink = element instanceof SVGElement ? style.fill : style.color;
              const [light, dark] = [luminance(paint([...behind, ink])), luminance(paint(behind))].sort((a, b) => b - a);
              const text = (element.textContent || element.value).trim().slice(0, 40);
              return { text, ink, behind: behind.join(" "), ratio: (light + 0.05) / (dark + 0.05) };
            });
        }
        """;
}
