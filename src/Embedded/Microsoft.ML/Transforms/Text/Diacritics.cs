namespace Microsoft.ML.Transforms.Text;

/// <summary>
/// Latin, Greek and Cyrillic letters without their diacritics, and diacritics that are characters of their own.
/// </summary>
internal static class Diacritics
{
    // A letter, then those which the Unicode standard decomposes into it and diacritics, up to U+04FF.
    private static readonly string[] Families =
    [
        "AÀÁÂÃÄÅĀĂĄǍǞǠǺȀȂȦ", "CÇĆĈĊČ", "DĎ", "EÈÉÊËĒĔĖĘĚȄȆȨ", "GĜĞĠĢǦǴ", "HĤȞ", "IÌÍÎÏĨĪĬĮİǏȈȊ", "JĴ", "KĶǨ", "LĹĻĽ",
        "NÑŃŅŇǸ", "OÒÓÔÕÖŌŎŐƠǑǪǬȌȎȪȬȮȰ", "RŔŖŘȐȒ", "SŚŜŞŠȘ", "TŢŤȚ", "UÙÚÛÜŨŪŬŮŰŲƯǓǕǗǙǛȔȖ", "WŴ", "YÝŶŸȲ", "ZŹŻŽ",
        "aàáâãäåāăąǎǟǡǻȁȃȧ", "cçćĉċč", "dď", "eèéêëēĕėęěȅȇȩ", "gĝğġģǧǵ", "hĥȟ", "iìíîïĩīĭįǐȉȋ", "jĵǰ", "kķǩ", "lĺļľ",
        "nñńņňǹ", "oòóôõöōŏőơǒǫǭȍȏȫȭȯȱ", "rŕŗřȑȓ", "sśŝşšș", "tţťț", "uùúûüũūŭůűųưǔǖǘǚǜȕȗ", "wŵ", "yýÿŷȳ", "zźżž", "ÆǢǼ",
        "ØǾ", "æǣǽ", "øǿ", "ƷǮ", "ʒǯ",
        "ΑΆ", "ΕΈ", "ΗΉ", "ΙΊΪ", "ΟΌ", "ΥΎΫ", "ΩΏ", "αά", "εέ", "ηή", "ιΐίϊ", "οό", "υΰϋύ", "ωώ", "ϒϓϔ",
        "ІЇ", "АӐӒ", "ГЃ", "ЕЀЁӖ", "ЖӁӜ", "ЗӞ", "ИЍЙӢӤ", "КЌ", "ОӦ", "УЎӮӰӲ", "ЧӴ", "ЫӸ", "ЭӬ", "аӑӓ", "гѓ", "еѐёӗ",
        "жӂӝ", "зӟ", "ийѝӣӥ", "кќ", "оӧ", "уўӯӱӳ", "чӵ", "ыӹ", "эӭ", "ії", "ѴѶ", "ѵѷ", "ӘӚ", "әӛ", "ӨӪ", "өӫ",
    ];

    private static readonly char[] BaseLetters = MakeBaseLetters();

    public static char Remove(char character) => character < BaseLetters.Length ? BaseLetters[character] : character;

    /// <summary>Combining marks of any script, the vowel points of Hebrew, and those of Arabic.</summary>
    public static bool IsCombining(char character) => character
        is (>= '\u0300' and <= '\u036F')
        or (>= '\u0591' and <= '\u05BD') or '\u05C1' or '\u05C2' or '\u05C4' or '\u05C5' or '\u05C7'
        or (>= '\u0610' and <= '\u0615') or (>= '\u064C' and <= '\u065E') or '\u0670';

    private static char[] MakeBaseLetters()
    {
        var letters = new char[Families.Max(family => family.Max()) + 1];
        for (int i = 0; i < letters.Length; i++)
            letters[i] = (char)i;
        foreach (string family in Families)
        {
            foreach (char accented in family.Skip(1))
                letters[accented] = family[0];
        }

        return letters;
    }
}
