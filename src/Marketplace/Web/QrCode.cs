using System.Globalization;
using System.Text;
using QRCoder;

namespace LazyOC.Marketplace.Web;

/// <summary>A QR code as the path of an SVG picture.</summary>
/// <param name="Size">Width and height, in modules, with the margin that readers need.</param>
/// <param name="Path">The dark modules, each one wide.</param>
public sealed record QrCode(int Size, string Path)
{
    public static QrCode Of(string text)
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var path = new StringBuilder();
        for (var y = 0; y < data.ModuleMatrix.Count; y++)
        {
            for (var x = 0; x < data.ModuleMatrix.Count; x++)
            {
                if (data.ModuleMatrix[y][x]) path.Append(CultureInfo.InvariantCulture, $"M{x} {y}h1v1h-1z");
            }
        }
        return new QrCode(data.ModuleMatrix.Count, path.ToString());
    }
}
