"""What the world economy makes of tariffs and money: solved, and read off between solutions."""
