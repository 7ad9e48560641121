<?xml version="1.0" encoding="utf-8"?>
<!-- How browsers show feeds that are opened in them. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="html" encoding="utf-8" doctype-system="about:legacy-compat" />
  <xsl:template match="/rss/channel">
    <html lang="{language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title><xsl:value-of select="title" /></title>
        <style>
          :root { color-scheme: light dark }
          body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 42rem; padding: 0 1rem }
          li { margin: 0 0 1.25rem }
          ol { list-style: none; padding: 0 }
          small { opacity: .75 }
          code { overflow-wrap: anywhere }
        </style>
      </head>
      <body>
        <h1><a href="{link}"><xsl:value-of select="title" /></a></h1>
        <p><xsl:value-of select="description" /></p>
        <p>
          <small>RSS: <code><xsl:value-of select="*[local-name() = 'link'][@rel = 'self']/@href" /></code></small>
        </p>
        <ol><xsl:apply-templates select="item" /></ol>
      </body>
    </html>
  </xsl:template>
  <xsl:template match="item">
    <li>
      <a href="{link}"><xsl:value-of select="title" /></a><br />
      <small>
        <xsl:value-of select="pubDate" />
        <xsl:for-each select="author"> · <xsl:value-of select="." /></xsl:for-each>
        <xsl:for-each select="category"> · <xsl:value-of select="." /></xsl:for-each>
      </small>
    </li>
  </xsl:template>
</xsl:stylesheet>
