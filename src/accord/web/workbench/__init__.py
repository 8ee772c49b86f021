"""What the workbench shows of a draft: fields, sliders, figures and drawings."""
