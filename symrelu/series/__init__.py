"""From an isotropy type and a limit to a proved Puiseux series: leading terms, lifting, the loss."""
