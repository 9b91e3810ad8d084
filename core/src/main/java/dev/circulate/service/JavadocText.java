package dev.circulate.service;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Javadoc comment as plain text, in parts. */
final class JavadocText {
  static final String PARAM = "#param ";
  static final String SINCE = "#since";
  static final String DEPRECATED = "#deprecated";

  private static final Pattern BLOCK_TAG = Pattern.compile("(?m)^\\s*@(\\w+)");
  private static final Pattern CODE = Pattern.compile("\\{@(?:code|literal)\\s+([^{}]*)}");
  private static final Pattern LINK =
      Pattern.compile("\\{@(?:link|linkplain)\\s+([^\\s{}(]+(?:\\([^)]*\\))?)\\s*([^{}]*)}");
  private static final Pattern NAMED = Pattern.compile("(?s)\\s*(\\S+)\\s+(.*)");

  private JavadocText() {}

  /**
   * The parts of a comment: under the empty name what the method does, and what its block tags say
   * that a caller wants to know.
   */
  static Map<String, String> parse(String comment) {
    Map<String, String> parts = new LinkedHashMap<>();
    Matcher tag = BLOCK_TAG.matcher(comment);
    int from = 0;
    String name = "";
    while (tag.find()) {
      add(parts, name, comment.substring(from, tag.start()));
      name = tag.group(1);
      from = tag.end();
    }
    add(parts, name, comment.substring(from));
    return parts;
  }

  private static void add(Map<String, String> parts, String tag, String text) {
    switch (tag) {
      case "" -> put(parts, "", text);
      case "since" -> put(parts, SINCE, text);
      case "deprecated" -> put(parts, DEPRECATED, text);
      case "param" -> {
        Matcher named = NAMED.matcher(text);
        if (named.matches()) {
          put(parts, PARAM + named.group(1), named.group(2));
        }
      }
      default -> {}
    }
  }

  private static void put(Map<String, String> parts, String name, String text) {
    String plain = plain(text);
    if (!plain.isEmpty()) {
      parts.put(name, plain);
    }
  }

  /** What is code is no markup, whatever it looks like. */
  private static String asMarkup(String code) {
    return code.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** Without markup: a line for each paragraph. */
  private static String plain(String text) {
    String linked =
        LINK.matcher(text)
            .replaceAll(
                link ->
                    Matcher.quoteReplacement(
                        link.group(2).isBlank()
                            ? link.group(1).replace('#', '.').replaceFirst("^\\.", "")
                            : link.group(2)));
    return CODE.matcher(linked)
        .replaceAll(code -> Matcher.quoteReplacement(asMarkup(code.group(1))))
        .replaceAll("\\s+", " ")
        .replaceAll(" ?<(?:p|br|li|ul|/ul|ol|/ol)\\s*/?> ?", "\n")
        .replaceAll("</?[a-zA-Z][^<>]*>", "")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#64;", "@")
        .replace("&amp;", "&")
        .replaceAll("\n{2,}", "\n")
        .strip();
  }
}
